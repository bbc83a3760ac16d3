/* SPDX-License-Identifier: MIT OR GPL-2.0-only */
/* Netfilter hooks, for luanetfilter_main.rs. */
#include <linux/list.h>
#include <linux/mutex.h>
#include <linux/netdevice.h>
#include <linux/netfilter.h>
#include <linux/netfilter_arp.h>
#include <linux/netfilter_bridge.h>
#include <linux/nsproxy.h>
#include <linux/rtnetlink.h>
#include <linux/slab.h>
#include <net/net_namespace.h>
#include <net/netfilter/nf_conntrack.h>
#include <net/netfilter/nf_conntrack_ecache.h>
#include <net/netfilter/nf_conntrack_labels.h>
#include "../luaskb/shim.h"
#include "shim.h"

/* Of net/netfilter/nf_internals.h, which is not for modules outside, though they may call it. */
void nf_queue_nf_hook_drop(struct net *net);

/*
 * The flow whose verdict a packet follows. An ICMP error is only about a flow, and may come before
 * the packet that tells; so may, for all that this tells, the first packets of an expected one.
 */
static struct nf_conn *flow_of(const struct sk_buff *skb)
{
	enum ip_conntrack_info how;
	struct nf_conn *flow = nf_ct_get(skb, &how);

	return how == IP_CT_RELATED || how == IP_CT_RELATED_REPLY ? NULL : flow;
}

static unsigned int call(void *hook, struct sk_buff *skb, const struct nf_hook_state *state)
{
	const struct luanetfilter_gate *gate = hook;
	unsigned int bit = READ_ONCE(gate->bit), held;
	const struct nf_conn_labels *labels;
	const struct nf_conn *flow;

	if (gate->mark && gate->mark != skb->mark)
		return NF_ACCEPT;
	/* A copy is on its way with bottom halves off; a task's own packet may have left the CPU meanwhile. */
	if (raw_cpu_read(luaskb_forwarding) && in_softirq())
		return NF_ACCEPT;
	if (bit && (flow = flow_of(skb)) && (labels = nf_ct_labels_find(flow))) {
		held = READ_ONCE(labels->bits[BIT_WORD(bit)]) >> bit % BITS_PER_LONG & 3;
		if (held)
			return held == 1 ? NF_ACCEPT : NF_DROP;
	}
	return luanetfilter_verdict(hook, skb);
}

/* Sets a label of the packet's flow, which may be unconfirmed: the labels stay with it. */
void luanetfilter_decide(struct sk_buff *skb, unsigned int bit)
{
	struct nf_conn *flow = flow_of(skb);
	struct nf_conn_labels *labels = flow ? nf_ct_labels_find(flow) : NULL;

	if (labels && !test_and_set_bit(bit, labels->bits))
		nf_conntrack_event_cache(IPCT_LABEL, flow);
}

static int forget(struct nf_conn *flow, void *bit)
{
	struct nf_conn_labels *labels = nf_ct_labels_find(flow);

	if (labels) {
		clear_bit((unsigned long)bit, labels->bits);
		clear_bit((unsigned long)bit + 1, labels->bits);
	}
	return 0;
}

/*
 * Clears a pair of labels that nobody sets any more from all flows. Those of packets in flight
 * are in the table once these have passed; packets that user space holds are dropped, as when
 * any hook goes.
 */
static void clear_labels(struct net *net, unsigned int bit)
{
	struct nf_ct_iter_data data = { .net = net, .data = (void *)(unsigned long)bit };

	nf_queue_nf_hook_drop(net);
	synchronize_net();
	nf_ct_iterate_cleanup_net(forget, &data);
}

/*
 * A hook: of the network namespace of the task that registers it, and ends with it. `net` is NULL
 * before and after. One of a device is at it whenever the device is there: `ops.dev` is NULL meanwhile.
 */
struct luanetfilter_hook {
	struct nf_hook_ops ops;
	struct net *net;
	struct list_head entry;
	char device[IFNAMSIZ];
	bool track;
};

/* Those that are registered, for devices and namespaces that come and go. Taken inside of the RTNL. */
static LIST_HEAD(registered);
static DEFINE_MUTEX(lock);

static bool of_device(const struct luanetfilter_hook *hook)
{
	return hook->device[0];
}

static bool sits(const struct luanetfilter_hook *hook)
{
	return !of_device(hook) || hook->ops.dev;
}

static int sit(struct luanetfilter_hook *hook, struct net_device *device)
{
	int status;

	hook->ops.dev = device;
	status = nf_register_net_hook(hook->net, &hook->ops);
	if (status)
		hook->ops.dev = NULL;
	return status;
}

static void stand(struct luanetfilter_hook *hook)
{
	if (sits(hook))
		nf_unregister_net_hook(hook->net, &hook->ops);
	hook->ops.dev = NULL;
}

/* What the hook wants of its namespace. */
static int enter(struct luanetfilter_hook *hook, struct net *net)
{
	int status = nf_connlabels_get(net, NF_CT_LABELS_MAX_SIZE * BITS_PER_BYTE - 1);

	if (status)
		return status;
	status = hook->track ? nf_ct_netns_get(net, hook->ops.pf) : 0;
	if (status)
		nf_connlabels_put(net);
	else
		hook->net = net;
	return status;
}

static void leave(struct luanetfilter_hook *hook)
{
	if (hook->track)
		nf_ct_netns_put(hook->net, hook->ops.pf);
	nf_connlabels_put(hook->net);
	hook->net = NULL;
}

bool luanetfilter_is_there(const char *device)
{
	bool there;

	rcu_read_lock();
	there = dev_get_by_name_rcu(current->nsproxy->net_ns, device);
	rcu_read_unlock();
	return there;
}

struct luanetfilter_hook *luanetfilter_new(void *hook, const struct luanetfilter_place *place)
{
	struct luanetfilter_hook *new = kzalloc(sizeof(*new), GFP_KERNEL);

	if (new) {
		new->ops.hook = call;
		new->ops.priv = hook;
		new->ops.pf = place->family;
		new->ops.hooknum = place->point;
		new->ops.priority = place->priority;
		new->track = place->track;
		strscpy(new->device, place->device);
		INIT_LIST_HEAD(&new->entry);
	}
	return new;
}

void luanetfilter_delete(struct luanetfilter_hook *hook)
{
	kfree(hook);
}

int luanetfilter_register(struct luanetfilter_hook *hook)
{
	struct net *net = current->nsproxy->net_ns;
	struct net_device *device = NULL;
	int status = enter(hook, net);

	if (status)
		return status;
	/* No device comes, goes or is renamed meanwhile. */
	rtnl_lock();
	mutex_lock(&lock);
	if (of_device(hook)) {
		device = __dev_get_by_name(net, hook->device);
		status = device ? 0 : -ENODEV;
	}
	if (!status)
		status = sit(hook, device);
	if (status)
		leave(hook);
	else
		list_add(&hook->entry, &registered);
	mutex_unlock(&lock);
	rtnl_unlock();
	return status;
}

/* Returns when no packet is inside of the hook any more, and no flow has its labels. */
void luanetfilter_unregister(struct luanetfilter_hook *hook)
{
	const struct luanetfilter_gate *gate = hook->ops.priv;
	struct net *net = NULL;

	mutex_lock(&lock);
	if (hook->net) {
		net = maybe_get_net(hook->net);
		stand(hook);
		leave(hook);
	}
	list_del_init(&hook->entry);
	mutex_unlock(&lock);
	synchronize_net();
	if (net) {
		if (gate->bit)
			clear_labels(net, gate->bit);
		put_net(net);
	}
}

static int device_event(struct notifier_block *block, unsigned long event, void *information)
{
	struct net_device *device = netdev_notifier_info_to_dev(information);
	struct luanetfilter_hook *hook;

	if (event != NETDEV_REGISTER && event != NETDEV_UNREGISTER)
		return NOTIFY_DONE;
	if (event == NETDEV_UNREGISTER)
		luaskb_device_ends(device);
	mutex_lock(&lock);
	list_for_each_entry(hook, &registered, entry) {
		if (!of_device(hook))
			continue;
		if (event == NETDEV_UNREGISTER && hook->ops.dev == device)
			stand(hook);
		else if (event == NETDEV_REGISTER && !hook->ops.dev && hook->net == dev_net(device) &&
			 !strcmp(hook->device, device->name) && sit(hook, device))
			pr_warn("luanetfilter: no memory for a hook at %s\n", device->name);
	}
	mutex_unlock(&lock);
	return NOTIFY_DONE;
}

static struct notifier_block devices = { .notifier_call = device_event };

static void __net_exit namespace_ends(struct net *net)
{
	struct luanetfilter_hook *hook;

	mutex_lock(&lock);
	list_for_each_entry(hook, &registered, entry) {
		if (hook->net == net) {
			stand(hook);
			leave(hook);
		}
	}
	mutex_unlock(&lock);
	luaskb_namespace_ends(net);
}

static struct pernet_operations namespaces = { .exit = namespace_ends };

int luanetfilter_init(void)
{
	/* New flows have labels as long as we are there. */
	int status = nf_connlabels_get(&init_net, NF_CT_LABELS_MAX_SIZE * BITS_PER_BYTE - 1);

	if (status)
		return status;
	status = register_pernet_subsys(&namespaces);
	if (status)
		goto put;
	status = register_netdevice_notifier(&devices);
	if (!status)
		return 0;
	unregister_pernet_subsys(&namespaces);
put:
	nf_connlabels_put(&init_net);
	return status;
}

void luanetfilter_exit(void)
{
	unregister_netdevice_notifier(&devices);
	unregister_pernet_subsys(&namespaces);
	nf_connlabels_put(&init_net);
}

/*
 * Which hook points a family has, at a device or not: the first, and one behind the last. None: not
 * a family of ours, or not of this kernel's, which would warn about it. The kernel has no list for
 * NF_BR_BROUTING.
 */
void luanetfilter_points(unsigned int family, bool device, unsigned int *first, unsigned int *end)
{
	*first = 0;
	*end = 0;
	switch (family) {
	case NFPROTO_INET:
		if (device) {
			*first = NF_INET_INGRESS;
			*end = NF_INET_INGRESS + 1;
			break;
		}
		fallthrough;
	case NFPROTO_IPV4:
	case NFPROTO_IPV6:
		*end = device ? 0 : NF_INET_NUMHOOKS;
		break;
	case NFPROTO_ARP:
		*end = !device && IS_ENABLED(CONFIG_NETFILTER_FAMILY_ARP) ? NF_ARP_NUMHOOKS : 0;
		break;
	case NFPROTO_BRIDGE:
		*end = !device && IS_ENABLED(CONFIG_NETFILTER_FAMILY_BRIDGE) ? NF_BR_BROUTING : 0;
		break;
	case NFPROTO_NETDEV:
		*end = !device ? 0 : IS_ENABLED(CONFIG_NETFILTER_EGRESS) ? NF_NETDEV_NUMHOOKS : NF_NETDEV_EGRESS;
		break;
	}
}

void luanetfilter_mark(struct sk_buff *skb, u32 mark)
{
	skb->mark = mark;
}
