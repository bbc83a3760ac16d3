/* SPDX-License-Identifier: MIT OR GPL-2.0-only */
/* What shim.c gives to sys.rs, and what it calls. */
#ifndef LUATIMER_SHIM_H
#define LUATIMER_SHIM_H

#include <linux/types.h>

struct luatimer;

struct luatimer *luatimer_new(void *owner, unsigned int cpus);
void luatimer_start(struct luatimer *timer);
void luatimer_stop(struct luatimer *timer);
void luatimer_delete(struct luatimer *timer);
void luatimer_set(struct luatimer *timer, unsigned int cpu, u64 milliseconds);
u64 luatimer_now(void);

/* luatimer_main.rs: calls the function of this CPU; whether it did not fail */
bool luatimer_ring(void *owner);

#endif
