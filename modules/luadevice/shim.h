/* SPDX-License-Identifier: MIT OR GPL-2.0-only */
/* The two sides of luadevice.ko. */
#ifndef LUADEVICE_SHIM_H
#define LUADEVICE_SHIM_H

#include <linux/types.h>

struct luadevice;

int luadevice_register(void);
void luadevice_unregister(void);
int luadevice_create(const char *name, unsigned int mode, void *body, struct luadevice **made);
void luadevice_destroy(struct luadevice *device);

/* sys.rs: operations on the body of a device; status, or what read(2) and write(2) return. `bytes` is
 * kvmalloc'ed text also if it is empty. */
int luadevice_open(void *body);
ssize_t luadevice_read(void *body, size_t size, s64 *offset, char **bytes);
ssize_t luadevice_write(void *body, const char *bytes, size_t size, s64 *offset);
/* sys.rs: a file was closed; false if this would have to wait and is not patient */
bool luadevice_release(void *body, bool patient);
/* sys.rs: the last that knew the body is gone */
void luadevice_drop(void *body);

#endif
