/* SPDX-License-Identifier: MIT OR GPL-2.0-only */
/* What shim.c gives to sys.rs. Results are negative errnos for failures: -EBADF says that the socket was
 * closed meanwhile, -EINTR that a signal came or that the script shall end. */
#ifndef LUASOCKET_SHIM_H
#define LUASOCKET_SHIM_H

#include <linux/types.h>

struct luasocket;

int luasocket_new(int family, int type, int protocol, struct luasocket **made);
void luasocket_hang_up(struct luasocket *socket);
void luasocket_release(struct luasocket *socket);
void luasocket_settle(void);
int luasocket_family(const struct luasocket *socket);
int luasocket_bind(struct luasocket *socket, const void *address, int length);
int luasocket_listen(struct luasocket *socket, int backlog);
int luasocket_accept(struct luasocket *socket, bool wait, struct luasocket **made);
int luasocket_connect(struct luasocket *socket, const void *address, int length, bool wait);
int luasocket_send(struct luasocket *socket, const void *bytes, size_t size, const void *address, int length);
int luasocket_receive(struct luasocket *socket, void *to, size_t room, unsigned int flags, void *from, int *length);
int luasocket_name(struct luasocket *socket, bool peer, void *address);
int luasocket_set(struct luasocket *socket, int level, int option, const void *value, size_t size);

/* lunatik.ko: whether the script shall end */
bool lunatik_leaving(void);

#endif
