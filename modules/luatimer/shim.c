/* SPDX-License-Identifier: MIT OR GPL-2.0-only */
/* A timer on each CPU, for sys.rs. They go off in softirq context. */
#include <linux/cpu.h>
#include <linux/jiffies.h>
#include <linux/sched/clock.h>
#include <linux/slab.h>
#include <linux/spinlock.h>
#include <linux/timekeeping.h>
#include <linux/timer.h>
#include "shim.h"

/*
 * How long one may go off again and again before others have their turn, in nanoseconds; and in how many times as long
 * as it took, and that for each alarm that a CPU has, it goes off once. So what scripts do of their own accord takes no
 * more than a tenth of a CPU, and none waits for ever for others.
 */
#define BURST	(100 * NSEC_PER_USEC)
#define SHARE	10

/* How many alarms each CPU has. */
static atomic_t alarms_of_each;

struct luatimer_cpu {
	struct timer_list timer;
	/* Against who sets it, on its own CPU, while it is on another. */
	spinlock_t lock;
	struct luatimer *of;
	unsigned int cpu;
	/* The tick before which it does not go off again. */
	unsigned long rested;
	bool again;
	/* Set for when the timer starts, which is not so far, or has not come to this alarm. */
	bool early;
};

struct luatimer {
	void *owner;
	unsigned int cpus;
	bool started;
	struct luatimer_cpu alarms[] __counted_by(cpus);
};

/* It went off elsewhere, for its own CPU was off: it goes back to that, or waits until there is one. */
static void send_home(struct luatimer_cpu *alarm)
{
	spin_lock(&alarm->lock);
	if (!timer_pending(&alarm->timer)) {
		bool home = cpu_online(alarm->cpu);

		alarm->timer.expires = jiffies + (home ? 1 : HZ);
		add_timer_on(&alarm->timer, home ? alarm->cpu : smp_processor_id());
	}
	spin_unlock(&alarm->lock);
}

static void go_off(struct timer_list *timer)
{
	struct luatimer_cpu *alarm = from_timer(alarm, timer, timer);
	u64 begun = local_clock(), took;
	bool fine;

	if (alarm->cpu != smp_processor_id()) {
		send_home(alarm);
		return;
	}
	do {
		alarm->again = false;
		fine = luatimer_ring(alarm->of->owner);
		took = local_clock() - begun;
	} while (alarm->again && fine && took < BURST);
	took *= SHARE * (u64)atomic_read(&alarms_of_each) - 1;
	alarm->rested = jiffies + nsecs_to_jiffies(took + TICK_NSEC - 1);
	/* A function that failed, or is not called meanwhile, may have nobody else who sets its timer. */
	if (!fine && !timer_pending(timer))
		mod_timer(timer, jiffies + HZ);
	else if (timer_pending(timer) && time_before(timer->expires, alarm->rested))
		mod_timer(timer, alarm->rested);
}

struct luatimer *luatimer_new(void *owner, unsigned int cpus)
{
	struct luatimer *timer = kzalloc(struct_size(timer, alarms, cpus), GFP_KERNEL_ACCOUNT);
	unsigned int cpu;

	if (!timer)
		return NULL;
	timer->owner = owner;
	timer->cpus = cpus;
	for (cpu = 0; cpu < cpus; cpu++) {
		struct luatimer_cpu *alarm = &timer->alarms[cpu];

		timer_setup(&alarm->timer, go_off, TIMER_PINNED);
		spin_lock_init(&alarm->lock);
		alarm->of = timer;
		alarm->cpu = cpu;
		alarm->rested = jiffies;
	}
	atomic_inc(&alarms_of_each);
	return timer;
}

/* What was set before begins now. */
void luatimer_start(struct luatimer *timer)
{
	unsigned int cpu;

	WRITE_ONCE(timer->started, true);
	cpus_read_lock();
	for (cpu = 0; cpu < timer->cpus; cpu++) {
		struct luatimer_cpu *alarm = &timer->alarms[cpu];

		/* Other hooks of the script may be at work already, and one may set it just now. */
		spin_lock_bh(&alarm->lock);
		if (alarm->early) {
			alarm->early = false;
			alarm->timer.expires += jiffies;
			add_timer_on(&alarm->timer, cpu_online(cpu) ? cpu : smp_processor_id());
		}
		spin_unlock_bh(&alarm->lock);
	}
	cpus_read_unlock();
}

/* None goes off from here on, nor is set. Sleeps until none is at it. */
void luatimer_stop(struct luatimer *timer)
{
	unsigned int cpu;

	for (cpu = 0; cpu < timer->cpus; cpu++) {
		struct luatimer_cpu *alarm = &timer->alarms[cpu];

		timer_shutdown_sync(&alarm->timer);
		/* One that was on its way home is not waited for there. */
		spin_lock_bh(&alarm->lock);
		spin_unlock_bh(&alarm->lock);
	}
}

void luatimer_delete(struct luatimer *timer)
{
	luatimer_stop(timer);
	atomic_dec(&alarms_of_each);
	kfree(timer);
}

/* The alarm of the caller's own CPU, which it does not leave; or, before the start, any. */
void luatimer_set(struct luatimer *timer, unsigned int cpu, u64 milliseconds)
{
	struct luatimer_cpu *alarm = &timer->alarms[cpu];
	unsigned long ticks = msecs_to_jiffies(min_t(u64, milliseconds, UINT_MAX >> 1));

	spin_lock_bh(&alarm->lock);
	alarm->early = !READ_ONCE(timer->started);
	if (alarm->early) {
		alarm->timer.expires = ticks;
	} else {
		alarm->again = !milliseconds;
		ticks += jiffies;
		mod_timer(&alarm->timer, time_before(ticks, alarm->rested) ? alarm->rested : ticks);
	}
	spin_unlock_bh(&alarm->lock);
}

/* Milliseconds since the machine started, without those in which it slept. */
u64 luatimer_now(void)
{
	return div_u64(ktime_get_coarse_ns(), NSEC_PER_MSEC);
}
