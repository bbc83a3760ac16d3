/* SPDX-License-Identifier: MIT OR GPL-2.0-only */
/* What shim.c gives to sys.rs. Results are negative errnos for failures. */
#ifndef LUANETLINK_SHIM_H
#define LUANETLINK_SHIM_H

#include <linux/types.h>

struct luanetlink_family;

int luanetlink_new(const void *name, size_t length, struct luanetlink_family **made);
void luanetlink_release(struct luanetlink_family *family);
void luanetlink_settle(void);
int luanetlink_send(struct luanetlink_family *family, u32 port, u8 command, const void *payload, size_t length,
		    bool atomic);

#endif
