/* SPDX-License-Identifier: MIT OR GPL-2.0-only */
/* The module's parameter and random numbers, for luaset_main.rs. */
#include <linux/module.h>
#include <linux/random.h>
#include "shim.h"

static ulong memory = 33554432;
module_param(memory, ulong, 0644);
MODULE_PARM_DESC(memory, "bytes that all sets of set and lpm together may hold (default 33554432)");

size_t luaset_memory(void)
{
	return READ_ONCE(memory);
}

u64 luaset_random(void)
{
	return get_random_u64();
}
