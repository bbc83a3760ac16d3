/* SPDX-License-Identifier: MIT OR GPL-2.0-only */
/* What shim.c gives to luaset_main.rs. */
#ifndef LUASET_SHIM_H
#define LUASET_SHIM_H

#include <linux/types.h>

size_t luaset_memory(void);
u64 luaset_random(void);

#endif
