/* SPDX-License-Identifier: MIT OR GPL-2.0-only */
/* What table.c gives to luasyscall_main.rs. */
#ifndef LUASYSCALL_SHIM_H
#define LUASYSCALL_SHIM_H

#include <linux/types.h>

bool luasyscall_exists(s64 number);
int luasyscall_address(s64 number, void **address);

#endif
