/* SPDX-License-Identifier: MIT OR GPL-2.0-only */
/* Packet buffers, for luaskb_main.rs. Everything may be called with bottom halves off. */
#include <linux/if_vlan.h>
#include <linux/ip.h>
#include <linux/ipv6.h>
#include <linux/netdevice.h>
#include <linux/skbuff.h>
#include <linux/tcp.h>
#include <linux/udp.h>
#include <net/checksum.h>
#include <net/gso.h>
#include <net/ip.h>
#include <net/ip6_checksum.h>
#include <net/netfilter/nf_conntrack.h>
#include <net/netfilter/nf_conntrack_acct.h>
#include <net/netfilter/nf_conntrack_core.h>
#include <net/netfilter/nf_conntrack_ecache.h>
#include <net/netfilter/nf_conntrack_zones.h>
#include "copy.h"
#include "shim.h"

unsigned int luaskb_length(const struct sk_buff *skb)
{
	return skb->len;
}

int luaskb_ifindex(const struct sk_buff *skb)
{
	const struct net_device *device;
	int index;

	/* That of a copy may be on its way out. */
	rcu_read_lock();
	device = READ_ONCE(skb->dev);
	index = device ? device->ifindex : 0;
	rcu_read_unlock();
	return index;
}

u16 luaskb_vlan(const struct sk_buff *skb)
{
	return skb_vlan_tag_present(skb) ? skb_vlan_tag_get_id(skb) : 0;
}

/* Whether all of the packet is in one piece that is ours to write. */
bool luaskb_owned(const struct sk_buff *skb)
{
	return !skb_is_nonlinear(skb) && !skb_cloned(skb);
}

/* Makes it so: what is shared is copied first. */
static int own(struct sk_buff *skb)
{
	int status = skb_linearize(skb);

	if (!status && skb_cloned(skb))
		status = pskb_expand_head(skb, 0, 0, GFP_ATOMIC);
	return status;
}

/*
 * Owns the packet, and tells where a layer of it starts and how long it is: -ENOENT if there is none. Of a packet
 * around another, the link's header may be the inner one's.
 */
int luaskb_layer(struct sk_buff *skb, bool mac, void **base, size_t *length)
{
	unsigned char *start;
	int status = own(skb);

	if (status)
		return status;
	if (mac) {
		if (!skb_mac_header_was_set(skb))
			return -ENOENT;
		start = skb_mac_header(skb);
		if (start > skb_network_header(skb))
			return -ENOENT;
	} else {
		start = skb_network_header(skb);
	}
	if (start < skb->head || start > skb_tail_pointer(skb))
		return -ENOENT;
	*base = start;
	*length = skb_tail_pointer(skb) - start;
	return 0;
}

/* What the packet's first piece holds from the network header on, or NULL. */
const void *luaskb_headers(const struct sk_buff *skb, size_t *length)
{
	unsigned char *start = skb_network_header(skb), *end = skb_tail_pointer(skb);

	if (start < skb->head || start > end)
		return NULL;
	*length = end - start;
	return start;
}

bool luaskb_linear(const struct sk_buff *skb)
{
	return !skb_is_nonlinear(skb);
}

int luaskb_linearize(struct sk_buff *skb)
{
	return skb_linearize(skb);
}

/*
 * How short a packet may become: who gets it next has looked at its headers, and takes them off
 * without another look. What is no IP packet keeps all.
 */
static unsigned int least(const struct sk_buff *skb)
{
	int end = skb_network_offset(skb);

	if (end < 0)
		return skb->len;
	if (skb->protocol == htons(ETH_P_IP) && end + sizeof(struct iphdr) <= skb_headlen(skb))
		end += max_t(int, ip_hdr(skb)->ihl * 4, sizeof(struct iphdr));
	else if (skb->protocol == htons(ETH_P_IPV6))
		end += sizeof(struct ipv6hdr);
	else
		return skb->len;
	if (skb_transport_header_was_set(skb))
		end = max(end, skb_transport_offset(skb));
	if (skb->ip_summed == CHECKSUM_PARTIAL)
		end = max(end, skb_checksum_start_offset(skb) + skb->csum_offset + (int)sizeof(__sum16));
	return end;
}

/* What fits one segment is none that anybody could divide. */
static void settle_segments(struct sk_buff *skb)
{
	/* The shortest header of those that are segmented by its length. */
	if (!skb_transport_header_was_set(skb) ||
	    !pskb_may_pull(skb, skb_transport_offset(skb) + sizeof(struct tcphdr)) ||
	    !skb_gso_validate_network_len(skb, skb->len - skb_network_offset(skb) - 1))
		skb_gso_reset(skb);
}

static int cut(struct sk_buff *skb, unsigned int length)
{
	int status;

	if (length < least(skb))
		return -EINVAL;
	status = pskb_trim_rcsum(skb, length);
	if (!status && skb_is_gso(skb))
		settle_segments(skb);
	return status;
}

int luaskb_resize(struct sk_buff *skb, unsigned int length)
{
	int status;

	if (length <= skb->len)
		return cut(skb, length);
	length -= skb->len;
	status = own(skb);
	if (!status && skb_tailroom(skb) < length)
		status = pskb_expand_head(skb, 0, length - skb_tailroom(skb), GFP_ATOMIC);
	if (!status)
		memset(skb_put(skb, length), 0, length);
	return status;
}

/*
 * The IPv4 header's checksum, and that of the TCP or UDP which begins `transport` bytes into the
 * packet and is `length` long; a fragment keeps its transport's. The packet is in one piece.
 */
void luaskb_checksum(struct sk_buff *skb, unsigned int transport, int length, u8 protocol, bool fragment)
{
	unsigned char *start = skb_network_header(skb) + transport;
	__wsum pseudo, sum;
	__sum16 *field;

	if (ip_hdr(skb)->version == 4)
		ip_send_check(ip_hdr(skb));
	if (fragment)
		return;
	if (protocol == IPPROTO_TCP && length >= (int)sizeof(struct tcphdr))
		field = &((struct tcphdr *)start)->check;
	else if (protocol == IPPROTO_UDP && length >= (int)sizeof(struct udphdr))
		field = &((struct udphdr *)start)->check;
	else
		return;
	if (ip_hdr(skb)->version == 4)
		pseudo = csum_tcpudp_nofold(ip_hdr(skb)->saddr, ip_hdr(skb)->daddr, length, protocol, 0);
	else
		pseudo = ~csum_unfold(csum_ipv6_magic(&ipv6_hdr(skb)->saddr, &ipv6_hdr(skb)->daddr, length, protocol, 0));
	/* The device, or segmentation, adds up the rest. */
	if (skb->ip_summed == CHECKSUM_PARTIAL) {
		*field = ~csum_fold(pseudo);
		return;
	}
	*field = 0;
	sum = csum_partial(start, length, pseudo);
	*field = csum_fold(sum);
	if (protocol == IPPROTO_UDP && !*field)
		*field = CSUM_MANGLED_0;
	skb->ip_summed = CHECKSUM_UNNECESSARY;
}

/*
 * Copies on their way out pass our hooks unasked (a bridge has some there): scripts in scripts in
 * scripts would need more stack than there is.
 */
DEFINE_PER_CPU(bool, luaskb_forwarding);

static int forward(const struct sk_buff *skb, struct net_device *device)
{
	struct sk_buff *copy;
	int status;

	/* What loopback sends, it receives: a hook would see its own packets, without an end. */
	if (!device || device->flags & IFF_LOOPBACK)
		return -ENODEV;
	/* Of a packet around another, the link's header is the inner one's. */
	if (!skb_mac_header_was_set(skb) || skb_mac_offset(skb) > 0)
		return -ENODEV;
	copy = luaskb_copy_of(skb, skb_headroom(skb));
	if (!copy)
		return -ENOMEM;
	copy->dev = device;
	skb_push(copy, -skb_mac_offset(copy));
	this_cpu_write(luaskb_forwarding, true);
	status = dev_queue_xmit(copy);
	this_cpu_write(luaskb_forwarding, false);
	/* The macro names its argument twice. */
	return net_xmit_eval(status);
}

/* A copy leaves by the packet's device, from its link-layer header on. */
int luaskb_forward(const struct sk_buff *skb)
{
	int status;

	/* What ends with its script runs in a task. */
	local_bh_disable();
	status = forward(skb, READ_ONCE(skb->dev));
	local_bh_enable();
	return status;
}

/*
 * The packet's flow, and how it belongs to it (enum ip_conntrack_info). That of a copy may end: only who has bottom
 * halves off, as hooks have, knows that it is there.
 */
struct nf_conn *luaskb_flow(const struct sk_buff *skb, u8 *info)
{
	enum ip_conntrack_info how;
	struct nf_conn *flow = nf_ct_get(skb, &how);

	*info = how;
	return flow && how != IP_CT_UNTRACKED && !nf_ct_is_template(flow) && in_softirq() ? flow : NULL;
}

/* The ports of protocols without are what the kernel keeps in their place. */
void luaskb_flow_tuple(const struct nf_conn *flow, bool replies, struct luaskb_tuple *out)
{
	const struct nf_conntrack_tuple *tuple = nf_ct_tuple(flow, replies);

	memcpy(out->source, &tuple->src.u3, sizeof(out->source));
	memcpy(out->destination, &tuple->dst.u3, sizeof(out->destination));
	out->source_port = ntohs(tuple->src.u.all);
	out->destination_port = ntohs(tuple->dst.u.all);
	out->protocol = tuple->dst.protonum;
	out->width = tuple->src.l3num == NFPROTO_IPV4 ? sizeof(struct in_addr) : sizeof(struct in6_addr);
}

u32 luaskb_flow_status(const struct nf_conn *flow)
{
	return READ_ONCE(flow->status);
}

/* The state (enum tcp_conntrack), or a negative number for another protocol. */
int luaskb_flow_tcp(const struct nf_conn *flow)
{
	return nf_ct_protonum(flow) == IPPROTO_TCP ? READ_ONCE(flow->proto.tcp.state) : -1;
}

/* The mark before; with `set`, it becomes `value`. */
u32 luaskb_flow_mark(struct nf_conn *flow, bool set, u32 value)
{
	u32 before = READ_ONCE(flow->mark);

	if (set && before != value) {
		WRITE_ONCE(flow->mark, value);
		nf_conntrack_event_cache(IPCT_MARK, flow);
	}
	return before;
}

u16 luaskb_flow_zone(const struct nf_conn *flow)
{
	return nf_ct_zone_id(nf_ct_zone(flow), IP_CT_DIR_ORIGINAL);
}

u32 luaskb_flow_id(const struct nf_conn *flow)
{
	return nf_ct_get_id(flow);
}

/* Packets and bytes of each direction; whether they are counted. */
bool luaskb_flow_counters(const struct nf_conn *flow, u64 *counters)
{
	const struct nf_conn_acct *acct = nf_conn_acct_find(flow);
	unsigned int direction;

	if (!acct)
		return false;
	for (direction = 0; direction < IP_CT_DIR_MAX; direction++) {
		*counters++ = atomic64_read(&acct->counter[direction].packets);
		*counters++ = atomic64_read(&acct->counter[direction].bytes);
	}
	return true;
}

/* The seconds before; with `set`, it has so many from now on. */
u32 luaskb_flow_timeout(struct nf_conn *flow, bool set, u32 seconds)
{
	u32 before;

	/* What is not in the table yet keeps its time, not its end. */
	if (!nf_ct_is_confirmed(flow))
		return READ_ONCE(flow->timeout) / HZ;
	before = nf_ct_expires(flow) / HZ;
	if (set && !test_bit(IPS_FIXED_TIMEOUT_BIT, &flow->status) && !nf_ct_is_dying(flow))
		__nf_ct_set_timeout(flow, (u64)seconds * HZ);
	return before;
}

bool luaskb_flow_delete(struct nf_conn *flow)
{
	return nf_ct_is_confirmed(flow) && nf_ct_delete(flow, 0, 0);
}
