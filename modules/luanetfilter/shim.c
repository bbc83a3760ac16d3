/* SPDX-License-Identifier: MIT OR GPL-2.0-only */
/* Netfilter hooks, for luanetfilter_main.rs. */
#include <linux/netfilter.h>
#include <linux/netfilter_arp.h>
#include <linux/netfilter_bridge.h>
#include <linux/slab.h>
#include <net/net_namespace.h>
#include "shim.h"

static unsigned int call(void *hook, struct sk_buff *skb, const struct nf_hook_state *state)
{
	return luanetfilter_verdict(hook, skb);
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

u32 luanetfilter_get_mark(const struct sk_buff *skb)
{
	return skb->mark;
}
