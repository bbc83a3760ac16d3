/* SPDX-License-Identifier: MIT OR GPL-2.0-only */
/*
 * Packets that scripts send. They leave in a worker: a script runs in the middle of another packet's way, with locks
 * held and little stack left. On their way they pass rules with scripts unasked, so that no packet becomes many.
 */
#include <linux/ip.h>
#include <linux/ipv6.h>
#include <linux/netfilter.h>
#include <linux/tcp.h>
#include <linux/udp.h>
#include <net/inet_dscp.h>
#include <net/ip.h>
#include <net/ip6_checksum.h>
#include <net/ip6_route.h>
#include <net/netfilter/nf_conntrack.h>
#include <net/route.h>
#include "shim.h"

/* So many packets of a script wait at most. */
#define WAITING	256

DEFINE_PER_CPU(bool, luaxtables_sending);

/* Sums up a packet's transport anew, if it is one that has sums. */
void luaxtables_checksum(struct sk_buff *skb, u8 family, int transport, u8 protocol)
{
	unsigned int length = skb->len - transport;
	__sum16 *field;
	__wsum sum;

	if (protocol == IPPROTO_TCP && length >= sizeof(struct tcphdr))
		field = &((struct tcphdr *)(skb->data + transport))->check;
	else if (protocol == IPPROTO_UDP && length >= sizeof(struct udphdr))
		field = &((struct udphdr *)(skb->data + transport))->check;
	else
		return;
	*field = 0;
	sum = skb_checksum(skb, transport, length, 0);
	if (family == NFPROTO_IPV4)
		*field = csum_tcpudp_magic(ip_hdr(skb)->saddr, ip_hdr(skb)->daddr, length, protocol, sum);
	else
		*field = csum_ipv6_magic(&ipv6_hdr(skb)->saddr, &ipv6_hdr(skb)->daddr, length, protocol, sum);
	if (protocol == IPPROTO_UDP && !*field)
		*field = CSUM_MANGLED_0;
	skb->ip_summed = CHECKSUM_NONE;
}

/*
 * The way out, from whoever the packet says that it comes; NULL: there is none, or it ends in this machine, too, as
 * that of broadcasts does: the script would be asked about what it has sent.
 */
static struct dst_entry *way(struct net *net, const struct sk_buff *skb)
{
	struct dst_entry *dst;
	bool unicast;

	if (skb->protocol == htons(ETH_P_IP)) {
		struct flowi4 flow = {
			.saddr = ip_hdr(skb)->saddr,
			.daddr = ip_hdr(skb)->daddr,
			.flowi4_tos = ip_hdr(skb)->tos & INET_DSCP_MASK,
			.flowi4_mark = skb->mark,
			.flowi4_proto = ip_hdr(skb)->protocol,
			.flowi4_flags = FLOWI_FLAG_ANYSRC,
		};
		struct rtable *route = ip_route_output_key(net, &flow);

		if (IS_ERR(route))
			return NULL;
		dst = &route->dst;
		unicast = route->rt_type == RTN_UNICAST;
	} else {
		struct flowi6 flow = {
			.saddr = ipv6_hdr(skb)->saddr,
			.daddr = ipv6_hdr(skb)->daddr,
			.flowi6_mark = skb->mark,
			.flowi6_proto = ipv6_hdr(skb)->nexthdr,
			.flowi6_flags = FLOWI_FLAG_ANYSRC,
		};

		dst = ip6_route_output(net, NULL, &flow);
		unicast = !ipv6_addr_is_multicast(&flow.saddr) && !ipv6_addr_is_multicast(&flow.daddr);
	}
	if (unicast && !dst->error && !(dst->dev->flags & IFF_LOOPBACK))
		return dst;
	dst_release(dst);
	return NULL;
}

/* Whether others have the packet's flow before it is in the table: who has it then changes it without a lock. */
static bool shares_new_flow(const struct sk_buff *skb)
{
	enum ip_conntrack_info how;
	const struct nf_conn *flow = nf_ct_get(skb, &how);

	return flow && !nf_ct_is_confirmed(flow) && refcount_read(&flow->ct_general.use) > 1;
}

/*
 * Waits until the packets that scripts were asked about are through, or dropped, if some of these share their new
 * flows. What still does is as if it came from elsewhere.
 */
static void part_flows(struct sk_buff_head *leaving)
{
	struct sk_buff *skb;
	bool waited = false;

	skb_queue_walk(leaving, skb) {
		if (!shares_new_flow(skb))
			continue;
		if (!waited)
			synchronize_net();
		waited = true;
		if (shares_new_flow(skb))
			nf_reset_ct(skb);
	}
}

static void leave(struct net *net, struct sk_buff *skb)
{
	struct dst_entry *dst = way(net, skb);

	if (!dst) {
		kfree_skb(skb);
		return;
	}
	skb_dst_drop(skb);
	skb_dst_set(skb, dst);
	local_bh_disable();
	this_cpu_write(luaxtables_sending, true);
	if (skb->protocol == htons(ETH_P_IP))
		ip_local_out(net, NULL, skb);
	else
		ip6_local_out(net, NULL, skb);
	this_cpu_write(luaxtables_sending, false);
	local_bh_enable();
}

void luaxtables_output(struct work_struct *work)
{
	struct luaxtables *of = container_of(work, struct luaxtables, work);
	/* Who sets it to NULL waits for this worker then. */
	struct net *net = READ_ONCE(of->net);
	struct sk_buff_head leaving;
	struct sk_buff *skb;

	__skb_queue_head_init(&leaving);
	while (net && !skb_queue_empty_lockless(&of->out)) {
		spin_lock_irq(&of->out.lock);
		skb_queue_splice_tail_init(&of->out, &leaving);
		spin_unlock_irq(&of->out.lock);
		part_flows(&leaving);
		while ((skb = __skb_dequeue(&leaving))) {
			leave(net, skb);
			cond_resched();
		}
	}
}

/* Has a packet leave, unless too many wait already. Takes it either way. */
bool luaxtables_queue(struct luaxtables *of, struct sk_buff *skb)
{
	if (!READ_ONCE(of->net) || skb_queue_len_lockless(&of->out) >= WAITING) {
		kfree_skb(skb);
		return false;
	}
	skb_queue_tail(&of->out, skb);
	queue_work(system_unbound_wq, &of->work);
	return true;
}
