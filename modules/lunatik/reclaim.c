/* SPDX-License-Identifier: MIT OR GPL-2.0-only */
/* What ends later, for reclaim.rs: a head is a struct rcu_head, and then a node of the list. */
#include <linux/llist.h>
#include <linux/rcupdate.h>
#include "later.h"
#include "shim.h"

static_assert(sizeof(struct rcu_head) == 2 * sizeof(void *));
static_assert(sizeof(struct llist_node) <= sizeof(struct rcu_head));

static void end(struct llist_node *node)
{
	lunatik_end(node);
}

DEFINE_LATER(ended, end);

void lunatik_end_later(void *head)
{
	later_end(&ended, head);
}

static void after_grace(struct rcu_head *head)
{
	lunatik_end_later(head);
}

void lunatik_end_after_grace(struct rcu_head *head)
{
	call_rcu(head, after_grace);
}

/* Returns when what was to end before the call has ended. Sleeps. */
void lunatik_end_wait(void)
{
	rcu_barrier();
	later_settle(&ended);
}
