/* SPDX-License-Identifier: MIT OR GPL-2.0-only */
/* For things of a binding whose end sleeps, while whoever gives up the last hold on one may be in a
 * hook: they end in a worker, each by the function that DEFINE_LATER names. */
#ifndef LUNATIK_LATER_H
#define LUNATIK_LATER_H
#include <linux/llist.h>
#include <linux/sched.h>
#include <linux/workqueue.h>

struct later {
	struct llist_head ended;
	struct work_struct work;
	void (*end)(struct llist_node *node);
};

static void later_end_all(struct work_struct *work)
{
	struct later *later = container_of(work, struct later, work);
	struct llist_node *node, *next;

	llist_for_each_safe(node, next, llist_del_all(&later->ended)) {
		later->end(node);
		cond_resched();
	}
}

#define DEFINE_LATER(name, function) \
	static struct later name = { \
		.ended = LLIST_HEAD_INIT(name.ended), \
		.work = __WORK_INITIALIZER(name.work, later_end_all), \
		.end = function, \
	}

static inline void later_end(struct later *later, struct llist_node *node)
{
	if (llist_add(node, &later->ended))
		queue_work(system_unbound_wq, &later->work);
}

/* Returns when what was to end before the call has ended. Sleeps. */
static inline void later_settle(struct later *later)
{
	flush_work(&later->work);
}
#endif
