/* SPDX-License-Identifier: MIT OR GPL-2.0-only */
/*
 * Events of network interfaces, for interfaces.rs.
 *
 * The kernel tells them with the lock of its network configuration held, which a script must never
 * wait with, nor keep others waiting for: what it calls may want it, too. So events are written down
 * here, and a worker tells the script. The first, of interfaces that are there when it begins to listen, the
 * script takes itself.
 */
#include <linux/kref.h>
#include <linux/netdevice.h>
#include <linux/ratelimit.h>
#include <linux/slab.h>
#include <linux/spinlock.h>
#include <linux/workqueue.h>
#include <net/net_namespace.h>
#include "shim.h"

/* Events that a slow script may have before it. */
#define EVENTS	256

struct event {
	unsigned long event;
	char name[IFNAMSIZ];
};

struct luanotifier_interfaces {
	struct notifier_block block;
	struct work_struct work;
	struct kref holders;	/* who listens, and the worker */
	void *body;
	spinlock_t lock;	/* guards what follows */
	bool left;
	bool takes;	/* the script takes them, not a worker */
	unsigned int first, count;
	struct event events[EVENTS];
};

static struct workqueue_struct *workers;

static void forget(struct kref *holders)
{
	struct luanotifier_interfaces *listener = container_of(holders, struct luanotifier_interfaces, holders);

	if (listener->body)
		luanotifier_drop(listener->body);
	kfree(listener);
}

static bool next(struct luanotifier_interfaces *listener, struct event *event)
{
	bool found;

	spin_lock(&listener->lock);
	found = listener->count > 0 && !listener->left;
	if (found) {
		*event = listener->events[listener->first];
		listener->first = (listener->first + 1) % EVENTS;
		listener->count--;
	}
	spin_unlock(&listener->lock);
	return found;
}

static void tell(struct work_struct *work)
{
	struct luanotifier_interfaces *listener = container_of(work, struct luanotifier_interfaces, work);
	struct event event;

	while (next(listener, &event)) {
		luanotifier_event(listener->body, event.event, event.name);
		cond_resched();
	}
	kref_put(&listener->holders, forget);
}

/* The worker's share is taken for each time that it is queued. Under the lock. */
static void begin(struct luanotifier_interfaces *listener)
{
	if (listener->left || listener->takes || !listener->count)
		return;
	kref_get(&listener->holders);
	if (!queue_work(workers, &listener->work))
		kref_put(&listener->holders, forget);
}

static int hear(struct notifier_block *block, unsigned long event, void *data)
{
	struct luanotifier_interfaces *listener = container_of(block, struct luanotifier_interfaces, block);
	struct net_device *dev = netdev_notifier_info_to_dev(data);
	bool room;

	if (!net_eq(dev_net(dev), &init_net))
		return NOTIFY_DONE;
	spin_lock(&listener->lock);
	room = listener->count < EVENTS;
	if (room && !listener->left) {
		struct event *place = &listener->events[(listener->first + listener->count++) % EVENTS];

		place->event = event;
		strscpy(place->name, dev->name, sizeof(place->name));
	}
	begin(listener);
	spin_unlock(&listener->lock);
	if (!room)
		pr_warn_ratelimited("lunatik: notifier: a script is too slow, and misses events of interfaces\n");
	return NOTIFY_DONE;
}

static void leave(struct luanotifier_interfaces *listener)
{
	spin_lock(&listener->lock);
	listener->left = true;
	spin_unlock(&listener->lock);
	kref_put(&listener->holders, forget);
}

/* The listener owns the body if this succeeds. No worker tells anything before luanotifier_go_on. */
int luanotifier_listen(void *body, struct luanotifier_interfaces **made)
{
	struct luanotifier_interfaces *listener = kzalloc(sizeof(*listener), GFP_KERNEL);
	int status;

	if (!listener)
		return -ENOMEM;
	listener->block.notifier_call = hear;
	listener->body = body;
	listener->takes = true;
	spin_lock_init(&listener->lock);
	INIT_WORK(&listener->work, tell);
	kref_init(&listener->holders);
	status = register_netdevice_notifier(&listener->block);
	if (status) {
		listener->body = NULL;
		leave(listener);
		return status;
	}
	*made = listener;
	return 0;
}

/* The next event, with room for the name of an interface; whether there is one. */
bool luanotifier_take(struct luanotifier_interfaces *listener, s64 *event, char *name)
{
	struct event taken;

	if (!next(listener, &taken))
		return false;
	*event = taken.event;
	memcpy(name, taken.name, sizeof(taken.name));
	return true;
}

void luanotifier_go_on(struct luanotifier_interfaces *listener)
{
	spin_lock(&listener->lock);
	listener->takes = false;
	begin(listener);
	spin_unlock(&listener->lock);
}

/* No event is told any more, but for one that is being told. */
void luanotifier_leave(struct luanotifier_interfaces *listener)
{
	unregister_netdevice_notifier(&listener->block);
	leave(listener);
}

int luanotifier_begin(void)
{
	workers = alloc_workqueue("luanotifier", WQ_UNBOUND, 0);
	return workers ? 0 : -ENOMEM;
}

/* Returns when no worker is left. */
void luanotifier_end(void)
{
	destroy_workqueue(workers);
}
