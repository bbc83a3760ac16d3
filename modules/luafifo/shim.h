/* SPDX-License-Identifier: MIT OR GPL-2.0-only */
/* What shim.c gives to luafifo_main.rs. */
#ifndef LUAFIFO_SHIM_H
#define LUAFIFO_SHIM_H

#include <linux/types.h>

size_t luafifo_memory(void);

#endif
