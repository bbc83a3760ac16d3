/* SPDX-License-Identifier: MIT OR GPL-2.0-only */
/*
 * The kernel's wait queues, for luacompletion_main.rs. A struct completion would not do: its
 * waiters look at nothing else when they wake up. `done` is guarded by the queue's lock.
 */
#include <linux/errno.h>
#include <linux/jiffies.h>
#include <linux/sched.h>
#include "shim.h"

void luacompletion_init(struct wait_queue_head *queue)
{
	init_waitqueue_head(queue);
}

void luacompletion_complete(struct wait_queue_head *queue, unsigned int *done)
{
	unsigned long flags;

	spin_lock_irqsave(&queue->lock, flags);
	if (*done < UINT_MAX)
		++*done;
	wake_up_locked(queue);
	spin_unlock_irqrestore(&queue->lock, flags);
}

static bool take(struct wait_queue_head *queue, unsigned int *done)
{
	unsigned long flags;
	bool taken;

	spin_lock_irqsave(&queue->lock, flags);
	taken = *done > 0;
	if (taken)
		--*done;
	spin_unlock_irqrestore(&queue->lock, flags);
	return taken;
}

/* Negative milliseconds: for ever. 0: it was completed; -ETIME; -EINTR: a signal, or the
 * script shall end. */
int luacompletion_wait(struct wait_queue_head *queue, unsigned int *done, s64 milliseconds)
{
	long timeout = MAX_SCHEDULE_TIMEOUT, left;
	bool taken = false;

	if (milliseconds >= 0 && milliseconds < INT_MAX)
		timeout = msecs_to_jiffies((unsigned int)milliseconds);
	left = wait_event_interruptible_timeout(*queue, (taken = take(queue, done)) || lunatik_leaving(), timeout);
	if (taken)
		return 0;
	return left == 0 ? -ETIME : -EINTR;
}
