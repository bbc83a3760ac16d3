/* SPDX-License-Identifier: MIT OR GPL-2.0-only */
/*
 * Copies of packets that scripts hold. A copy names its device until that goes, and has its flow until the flow's
 * namespace ends: it keeps neither from going. luanetfilter.ko, which brings packets, hears of both.
 */
#include <linux/netdevice.h>
#include <linux/skbuff.h>
#include <net/net_namespace.h>
#include <net/netfilter/nf_conntrack.h>
#include "copy.h"
#include "shim.h"

/* All of them. The lock guards devices and flows, too, against those who take them away. */
static struct sk_buff_head copies = {
	.next = (struct sk_buff *)&copies,
	.prev = (struct sk_buff *)&copies,
	.lock = __SPIN_LOCK_UNLOCKED(copies.lock),
};

size_t luaskb_footprint(const struct sk_buff *skb)
{
	return luaskb_weight(skb, skb_headroom(skb));
}

void *luaskb_copy(const struct sk_buff *skb)
{
	struct sk_buff *copy = luaskb_copy_of(skb, skb_headroom(skb));
	struct net_device *device;
	u8 how;

	if (!copy)
		return NULL;
	if (!luaskb_flow(skb, &how))
		nf_reset_ct(copy);
	/* Devices are there as long as bottom halves are off. */
	spin_lock_bh(&copies.lock);
	device = READ_ONCE(skb->dev);
	/* Copies of one that goes have been looked for, or are so later. */
	if (device && READ_ONCE(device->reg_state) == NETREG_REGISTERED)
		copy->dev = device;
	__skb_queue_tail(&copies, copy);
	spin_unlock_bh(&copies.lock);
	return copy;
}

void luaskb_free(struct sk_buff *copy)
{
	spin_lock_bh(&copies.lock);
	__skb_unlink(copy, &copies);
	spin_unlock_bh(&copies.lock);
	kfree_skb(copy);
}

/* It is freed once bottom halves have been on everywhere. */
void luaskb_device_ends(const struct net_device *device)
{
	struct sk_buff *copy;

	spin_lock_bh(&copies.lock);
	skb_queue_walk(&copies, copy) {
		if (copy->dev == device)
			WRITE_ONCE(copy->dev, NULL);
	}
	spin_unlock_bh(&copies.lock);
}

static struct nf_conn *flow_in(const struct net *net, const struct sk_buff *copy, enum ip_conntrack_info *how)
{
	struct nf_conn *flow = nf_ct_get(copy, how);

	return flow && net_eq(nf_ct_net(flow), net) ? flow : NULL;
}

/* Scripts see no flow of the namespace in copies from here on; whether there was one. */
static bool hide_flows(const struct net *net)
{
	enum ip_conntrack_info how;
	struct sk_buff *copy;
	struct nf_conn *flow;
	bool any = false;

	spin_lock_bh(&copies.lock);
	skb_queue_walk(&copies, copy) {
		flow = flow_in(net, copy, &how);
		if (!flow)
			continue;
		nf_ct_set(copy, flow, IP_CT_UNTRACKED);
		any = true;
	}
	spin_unlock_bh(&copies.lock);
	return any;
}

/* Lets go of those that are hidden. */
static void drop_flows(const struct net *net)
{
	enum ip_conntrack_info how;
	struct sk_buff *copy;

	spin_lock_bh(&copies.lock);
	skb_queue_walk(&copies, copy) {
		if (flow_in(net, copy, &how) && how == IP_CT_UNTRACKED)
			nf_reset_ct(copy);
	}
	spin_unlock_bh(&copies.lock);
}

/* Nobody has packets there any more; connection tracking, which waits for all flows, ends after this. */
void luaskb_namespace_ends(const struct net *net)
{
	while (hide_flows(net)) {
		/* Who has seen one looks at it with bottom halves off. */
		synchronize_net();
		drop_flows(net);
	}
}
