/* SPDX-License-Identifier: MIT OR GPL-2.0-only */
/* The kernel's macros and inlines, for lualinux_main.rs. */
#include <linux/cpumask.h>
#include <linux/jiffies.h>
#include <linux/kernel.h>
#include <linux/kprobes.h>
#include <linux/netdevice.h>
#include <linux/random.h>
#include <linux/sched/signal.h>
#include <linux/timekeeping.h>
#include <net/net_namespace.h>
#include "../lunatik/symbol.h"
#include "shim.h"

u64 lualinux_random(void)
{
	return get_random_u64();
}

u64 lualinux_time(void)
{
	return ktime_get_real_ns();
}

/* lunatik.ko: whether the script shall end */
bool lunatik_leaving(void);

/* Negative: for ever. Killing the task ends every sleep, and so does stopping the script.
 * Returns what is left. */
s64 lualinux_schedule(s64 milliseconds, bool interruptible)
{
	long timeout = MAX_SCHEDULE_TIMEOUT;

	if (milliseconds >= 0 && milliseconds < INT_MAX)
		/* The tick that has begun already is none. */
		timeout = msecs_to_jiffies((unsigned int)milliseconds) + (milliseconds > 0);
	set_current_state(interruptible ? TASK_INTERRUPTIBLE : TASK_KILLABLE);
	if (lunatik_leaving())
		__set_current_state(TASK_RUNNING);
	else
		timeout = schedule_timeout(timeout);
	return timeout == MAX_SCHEDULE_TIMEOUT ? -1 : jiffies_to_msecs(timeout);
}

/* 0: off, 1: on, else only asks. Returns the state then. */
int lualinux_tracing(int enable)
{
	if (enable == 1)
		tracing_on();
	else if (enable == 0)
		tracing_off();
	return tracing_is_on();
}

/* 0: no such interface. */
int lualinux_ifindex(const char *name)
{
	struct net_device *dev;
	int index;

	rcu_read_lock();
	dev = dev_get_by_name_rcu(&init_net, name);
	index = dev ? dev->ifindex : 0;
	rcu_read_unlock();
	return index;
}

/* The length of the hardware address; negative: no such interface. */
int lualinux_ifaddr(int index, u8 *address, size_t room)
{
	struct net_device *dev;
	int length = -ENODEV;

	rcu_read_lock();
	dev = dev_get_by_index_rcu(&init_net, index);
	if (dev && dev->addr_len <= room) {
		length = dev->addr_len;
		memcpy(address, dev->dev_addr, length);
	}
	rcu_read_unlock();
	return length;
}

unsigned int lualinux_cpus(void)
{
	return num_possible_cpus();
}

/* The address of a kernel function, by way of a probe that is removed at once; NULL if
 * there is none of this name or the kernel has no probes. May sleep. */
void *lualinux_lookup(const char *name)
{
	struct kprobe probe = { .symbol_name = name };
	void *address;

	if (!IS_ENABLED(CONFIG_KPROBES) || register_kprobe(&probe))
		return NULL;
	address = (void *)probe.addr;
	unregister_kprobe(&probe);
	return symbol_begins(address);
}
