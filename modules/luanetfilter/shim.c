/* SPDX-License-Identifier: MIT OR GPL-2.0-only */
/* Netfilter hooks, for luanetfilter_main.rs. */
#include <linux/netfilter.h>
#include <linux/netfilter_arp.h>
#include <linux/netfilter_bridge.h>
#include <linux/slab.h>
#include <net/net_namespace.h>
#include <net/netfilter/nf_conntrack.h>
#include <net/netfilter/nf_conntrack_ecache.h>
#include <net/netfilter/nf_conntrack_labels.h>
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
	if (bit && (flow = flow_of(skb)) && (labels = nf_ct_labels_find(flow))) {
		held = READ_ONCE(labels->bits[BIT_WORD(bit)]) >> bit % BITS_PER_LONG & 3;
		if (held)
			return held == 1 ? NF_ACCEPT : NF_DROP;
	}
	return luanetfilter_verdict(hook, skb);
}

int luanetfilter_labels_get(void)
{
	return nf_connlabels_get(&init_net, NF_CT_LABELS_MAX_SIZE * BITS_PER_BYTE - 1);
}

void luanetfilter_labels_put(void)
{
	nf_connlabels_put(&init_net);
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
void luanetfilter_forget(unsigned int bit)
{
	struct nf_ct_iter_data data = { .net = &init_net, .data = (void *)(unsigned long)bit };

	nf_queue_nf_hook_drop(&init_net);
	synchronize_net();
	nf_ct_iterate_cleanup_net(forget, &data);
}

/* Connections of a family are tracked until luanetfilter_untrack. */
int luanetfilter_track(u8 family)
{
	return nf_ct_netns_get(&init_net, family);
}

void luanetfilter_untrack(u8 family)
{
	nf_ct_netns_put(&init_net, family);
}

struct nf_hook_ops *luanetfilter_new(void *hook, u8 family, unsigned int point, int priority)
{
	struct nf_hook_ops *ops = kzalloc(sizeof(*ops), GFP_KERNEL);

	if (ops) {
		ops->hook = call;
		ops->priv = hook;
		ops->pf = family;
		ops->hooknum = point;
		ops->priority = priority;
	}
	return ops;
}

void luanetfilter_delete(struct nf_hook_ops *ops)
{
	kfree(ops);
}

int luanetfilter_register(struct nf_hook_ops *ops)
{
	return nf_register_net_hook(&init_net, ops);
}

/* Returns when no packet is inside of the hook any more. */
void luanetfilter_unregister(struct nf_hook_ops *ops)
{
	nf_unregister_net_hook(&init_net, ops);
	synchronize_net();
}

/* How many hook points a family has; 0: not a family of ours, or not of this kernel's, which
 * would warn about it. The kernel has no list for NF_BR_BROUTING. */
unsigned int luanetfilter_points(unsigned int family)
{
	switch (family) {
	case NFPROTO_INET:
	case NFPROTO_IPV4:
	case NFPROTO_IPV6:
		return NF_INET_NUMHOOKS;
	case NFPROTO_ARP:
		return IS_ENABLED(CONFIG_NETFILTER_FAMILY_ARP) ? NF_ARP_NUMHOOKS : 0;
	case NFPROTO_BRIDGE:
		return IS_ENABLED(CONFIG_NETFILTER_FAMILY_BRIDGE) ? NF_BR_BROUTING : 0;
	default:
		return 0;
	}
}

void luanetfilter_mark(struct sk_buff *skb, u32 mark)
{
	skb->mark = mark;
}
