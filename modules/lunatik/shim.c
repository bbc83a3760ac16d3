/* SPDX-License-Identifier: MIT OR GPL-2.0-only */
/* What the kernel gives to C only: macros, inlines, static structures. The Rust side is
 * sys.rs; every function here says nothing more than the kernel call it stands for. */
#include <linux/bottom_half.h>
#include <linux/cpu.h>
#include <linux/irqflags.h>
#include <linux/ktime.h>
#include <linux/math64.h>
#include <linux/module.h>
#include <linux/random.h>
#include <linux/sched.h>
#include <linux/sched/signal.h>
#include <linux/slab.h>
#include <linux/smp.h>
#include <linux/workqueue.h>
#include "shim.h"

void *lunatik_realloc(void *block, size_t size, bool atomic)
{
	gfp_t flags = (atomic ? GFP_ATOMIC : GFP_KERNEL) | __GFP_NOWARN;

	/* krealloc leaves what shrinks where it is: many times what is counted then. */
	if (block && size <= ksize(block) / 2) {
		void *smaller = kmalloc(size, flags);

		if (smaller) {
			memcpy(smaller, block, size);
			kfree(block);
			return smaller;
		}
	}
	return krealloc(block, size, flags);
}

void lunatik_free(void *block)
{
	kfree(block);
}

u32 lunatik_random(void)
{
	return get_random_u32();
}

unsigned int lunatik_cpus(void)
{
	return nr_cpu_ids;
}

bool lunatik_cpu_possible(unsigned int cpu)
{
	return cpu < nr_cpu_ids && cpu_possible(cpu);
}

/* The CPU that runs this, with bottom halves off: packets mostly find them so. If not, they are
 * disabled, and the result is the complement: who gets a negative one calls lunatik_bh_unpin. */
int lunatik_bh_pin(void)
{
	if (in_softirq())
		return smp_processor_id();
	local_bh_disable();
	return ~smp_processor_id();
}

void lunatik_bh_unpin(void)
{
	local_bh_enable();
}

unsigned long lunatik_irq_save(void)
{
	unsigned long flags;

	local_irq_save(flags);
	return flags;
}

void lunatik_irq_restore(unsigned long flags)
{
	local_irq_restore(flags);
}

unsigned int lunatik_cpu(void)
{
	return smp_processor_id();
}

bool lunatik_killed(void)
{
	return fatal_signal_pending(current);
}

bool lunatik_exiting(void)
{
	return current->flags & PF_EXITING;
}

void lunatik_nap(void)
{
	schedule_timeout_killable(1);
}

void lunatik_resched(void)
{
	cond_resched();
}

/* Calls the function on a CPU, or here if the CPU is off, which it then stays meanwhile. Sleeps. */
long lunatik_on_cpu(unsigned int cpu, long (*function)(void *), void *argument)
{
	long result;

	cpus_read_lock();
	result = cpu_online(cpu) ? work_on_cpu(cpu, function, argument) : function(argument);
	cpus_read_unlock();
	return result;
}

void lunatik_print(const char *script, const char *text, size_t length)
{
	pr_info("lunatik: %s: %.*s\n", script, (int)min_t(size_t, length, 900), text);
}

void lunatik_complain(const char *script, const char *text, size_t length, const char *trace, size_t trace_length)
{
	pr_err("lunatik: %s: %.*s%.*s\n", script, (int)min_t(size_t, length, 900), text,
	       (int)min_t(size_t, trace_length, 900), trace);
}

u64 lunatik_uptime(void)
{
	return div_u64(ktime_get_ns(), NSEC_PER_MSEC);
}

u64 lunatik_date(void)
{
	return ktime_get_real_ns();
}

bool lunatik_module_get(struct module *module)
{
	return try_module_get(module);
}

void lunatik_module_put(struct module *module)
{
	module_put(module);
}

/* For the crate `lua`: what keeps the code of a class while there are objects of it. */
int lua_khold(void *module)
{
	return try_module_get(module);
}

void lua_krelease(void *module)
{
	module_put(module);
}

int lunatik_request_module(const char *name)
{
	return request_module("lua%s", name);
}

/* stay.rs */
struct task_struct *lunatik_current_task(void)
{
	return current;
}

void lunatik_wake(struct task_struct *task)
{
	wake_up_process(task);
}
