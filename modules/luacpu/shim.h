/* SPDX-License-Identifier: MIT OR GPL-2.0-only */
/* What shim.c gives to luacpu_main.rs. */
#ifndef LUACPU_SHIM_H
#define LUACPU_SHIM_H

#include <linux/types.h>

/* The order of these is that of FIELDS in luacpu_main.rs. */
#define LUACPU_FIELDS 10

unsigned int luacpu_ids(void);
bool luacpu_possible(unsigned int cpu);
bool luacpu_present(unsigned int cpu);
bool luacpu_online(unsigned int cpu);
void luacpu_stats(unsigned int cpu, u64 *fields);

#endif
