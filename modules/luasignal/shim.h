/* SPDX-License-Identifier: MIT OR GPL-2.0-only */
/* What shim.c gives to sys.rs. */
#ifndef LUASIGNAL_SHIM_H
#define LUASIGNAL_SHIM_H

#include <linux/types.h>

bool luasignal_exists(s64 signal);
int luasignal_mask(int signal, int how);
bool luasignal_pending(void);
bool luasignal_is_blocked(int signal);
bool luasignal_is_pending(int signal);
bool luasignal_is_ignored(int signal);
int luasignal_kill(int pid, int signal);

#endif
