/* SPDX-License-Identifier: MIT OR GPL-2.0-only */
/* Locks, for sync.rs, sys.rs and turns.rs. */
#include <linux/list.h>
#include <linux/mutex.h>
#include <linux/percpu.h>
#include <linux/rcupdate.h>
#include <linux/sched.h>
#include <linux/sched/signal.h>
#include <linux/slab.h>
#include <linux/spinlock.h>
#include "shim.h"

static DEFINE_MUTEX(global);

void lunatik_global_lock(void)
{
	mutex_lock(&global);
}

void lunatik_global_unlock(void)
{
	mutex_unlock(&global);
}

static DEFINE_SPINLOCK(brief);

unsigned long lunatik_brief_lock(void)
{
	unsigned long flags;

	spin_lock_irqsave(&brief, flags);
	return flags;
}

void lunatik_brief_unlock(unsigned long flags)
{
	spin_unlock_irqrestore(&brief, flags);
}

/*
 * A lock of tasks. A struct mutex would not do: who waits for one looks at nothing else, and who has
 * one has to release it. Its users take several at a time in any order, and find deadlocks themselves.
 * Who releases it gives it to who has waited longest: nobody who comes again and again keeps others
 * from it.
 */
struct lunatik_lock {
	spinlock_t guard;
	bool taken;
	struct list_head waiters;	/* the first came first; while there is one, it is taken */
};

/* On the stack of who waits. */
struct waiter {
	struct list_head entry;
	struct task_struct *task;
	bool given;
};

struct lunatik_lock *lunatik_lock_new(void)
{
	struct lunatik_lock *lock = kzalloc(sizeof(*lock), GFP_KERNEL);

	if (lock) {
		spin_lock_init(&lock->guard);
		INIT_LIST_HEAD(&lock->waiters);
	}
	return lock;
}

/* Takes it, or if somebody has it, waits in the line, unless there is no waiter. */
static bool take(struct lunatik_lock *lock, struct waiter *waiter)
{
	unsigned long flags;
	bool taken;

	spin_lock_irqsave(&lock->guard, flags);
	taken = !lock->taken;
	lock->taken = true;
	if (!taken && waiter)
		list_add_tail(&waiter->entry, &lock->waiters);
	spin_unlock_irqrestore(&lock->guard, flags);
	return taken;
}

bool lunatik_lock_try(struct lunatik_lock *lock)
{
	return take(lock, NULL);
}

/* 0, or -EINTR: the task is killed, or, unless it is patient, shall come out of a runtime. */
int lunatik_lock_take(struct lunatik_lock *lock, bool patient)
{
	struct waiter waiter = { .task = current };
	unsigned long flags;

	might_sleep();
	if (take(lock, &waiter))
		return 0;
	for (;;) {
		/* Before the look: who wakes this up after it finds it asleep, or on its way. */
		set_current_state(TASK_KILLABLE);
		if (READ_ONCE(waiter.given) || fatal_signal_pending(current) || (!patient && lunatik_leaving()))
			break;
		schedule();
	}
	__set_current_state(TASK_RUNNING);
	/* Nobody looks at the waiter any more when this is over. */
	spin_lock_irqsave(&lock->guard, flags);
	if (!waiter.given)
		list_del(&waiter.entry);
	spin_unlock_irqrestore(&lock->guard, flags);
	return waiter.given ? 0 : -EINTR;
}

void lunatik_lock_release(struct lunatik_lock *lock)
{
	struct waiter *next;
	unsigned long flags;

	spin_lock_irqsave(&lock->guard, flags);
	next = list_first_entry_or_null(&lock->waiters, struct waiter, entry);
	lock->taken = next;
	if (next) {
		list_del(&next->entry);
		WRITE_ONCE(next->given, true);
		wake_up_process(next->task);
	}
	spin_unlock_irqrestore(&lock->guard, flags);
}

void lunatik_spin_init(spinlock_t *lock)
{
	spin_lock_init(lock);
}

unsigned long lunatik_spin_lock(spinlock_t *lock)
{
	unsigned long flags;

	spin_lock_irqsave(lock, flags);
	return flags;
}

void lunatik_spin_unlock(spinlock_t *lock, unsigned long flags)
{
	spin_unlock_irqrestore(lock, flags);
}

void lunatik_rcu_read_lock(void)
{
	rcu_read_lock();
}

void lunatik_rcu_read_unlock(void)
{
	rcu_read_unlock();
}

void lunatik_rcu_synchronize(void)
{
	synchronize_rcu();
}

/* Whose turn it is. Classes of locks of their own: others are taken meanwhile. Bottom halves are off, or interrupts, for those of
 * interrupts. */
void lunatik_turns_init(spinlock_t *lock)
{
	spin_lock_init(lock);
}

void lunatik_interrupt_turns_init(spinlock_t *lock)
{
	spin_lock_init(lock);
}

static DEFINE_PER_CPU(bool, in_turn);
static DEFINE_PER_CPU(bool, in_interrupt_turn);

/* Who waits for a turn inside of another may be waited for there: false instead. An interrupt that comes in a turn of packets may
 * wait for one of interrupts: nobody waits for anything in that. */
bool lunatik_turns_take(spinlock_t *lock, bool interrupt)
{
	if (this_cpu_read(in_interrupt_turn) || (!interrupt && this_cpu_read(in_turn)))
		return false;
	spin_lock(lock);
	if (interrupt)
		this_cpu_write(in_interrupt_turn, true);
	else
		this_cpu_write(in_turn, true);
	return true;
}

void lunatik_turns_end(spinlock_t *lock, bool interrupt)
{
	if (interrupt)
		this_cpu_write(in_interrupt_turn, false);
	else
		this_cpu_write(in_turn, false);
	spin_unlock(lock);
}
