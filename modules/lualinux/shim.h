/* SPDX-License-Identifier: MIT OR GPL-2.0-only */
/* What shim.c gives to lualinux_main.rs. */
#ifndef LUALINUX_SHIM_H
#define LUALINUX_SHIM_H

#include <linux/types.h>

u64 lualinux_random(void);
u64 lualinux_time(void);
s64 lualinux_schedule(s64 milliseconds, bool interruptible);
int lualinux_tracing(int enable);
int lualinux_ifindex(const char *name);
int lualinux_ifaddr(int index, u8 *address, size_t room);
unsigned int lualinux_cpus(void);
void *lualinux_lookup(const char *name);

#endif
