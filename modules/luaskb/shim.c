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
#include <net/ip.h>
#include <net/ip6_checksum.h>
#include <net/netfilter/nf_conntrack.h>
#include <net/netfilter/nf_conntrack_ecache.h>
#include "shim.h"

unsigned int luaskb_length(const struct sk_buff *skb)
{
	return skb->len;
}

int luaskb_ifindex(const struct sk_buff *skb)
{
	return skb->dev ? skb->dev->ifindex : 0;
}

u16 luaskb_vlan(const struct sk_buff *skb)
{
	return skb_vlan_tag_present(skb) ? skb_vlan_tag_get_id(skb) : 0;
}

/* All of the packet in one piece that is ours to write: what is shared is copied first. */
int luaskb_own(struct sk_buff *skb)
{
	int status = skb_linearize(skb);

	if (!status && skb_cloned(skb))
		status = pskb_expand_head(skb, 0, 0, GFP_ATOMIC);
	return status;
}

void *luaskb_layer(struct sk_buff *skb, bool mac, size_t *length)
{
	unsigned char *start;

	if (mac) {
		if (!skb_mac_header_was_set(skb))
			return NULL;
		start = skb_mac_header(skb);
	} else {
		start = skb_network_header(skb);
	}
	if (start < skb->head || start > skb_tail_pointer(skb))
		return NULL;
	*length = skb_tail_pointer(skb) - start;
	return start;
}

int luaskb_resize(struct sk_buff *skb, unsigned int length)
{
	int status;

	if (length <= skb->len)
		return pskb_trim(skb, length);
	length -= skb->len;
	status = luaskb_own(skb);
	if (!status && skb_tailroom(skb) < length)
		status = pskb_expand_head(skb, 0, length - skb_tailroom(skb), GFP_ATOMIC);
	if (!status)
		memset(skb_put(skb, length), 0, length);
	return status;
}

static void checksum_transport(struct sk_buff *skb, int offset, u8 protocol, __wsum pseudo)
{
	int length = skb->len - offset;
	__sum16 *field;
	__wsum sum;

	if (protocol == IPPROTO_TCP && length >= (int)sizeof(struct tcphdr))
		field = &((struct tcphdr *)(skb->data + offset))->check;
	else if (protocol == IPPROTO_UDP && length >= (int)sizeof(struct udphdr))
		field = &((struct udphdr *)(skb->data + offset))->check;
	else
		return;
	/* The device, or segmentation, adds up the rest. */
	if (skb->ip_summed == CHECKSUM_PARTIAL) {
		*field = ~csum_fold(pseudo);
		return;
	}
	*field = 0;
	sum = csum_partial(skb->data + offset, length, pseudo);
	*field = csum_fold(sum);
	if (protocol == IPPROTO_UDP && !*field)
		*field = CSUM_MANGLED_0;
	skb->ip_summed = CHECKSUM_UNNECESSARY;
}

/* The IPv4 header's and the TCP or UDP checksum, anew. Fragments keep their transport's. */
int luaskb_checksum(struct sk_buff *skb)
{
	int network = skb_network_offset(skb);
	int status = luaskb_own(skb);

	if (status)
		return status;
	if (network < 0 || skb->len < network + sizeof(struct iphdr))
		return -EINVAL;
	if (ip_hdr(skb)->version == 4) {
		struct iphdr *ip = ip_hdr(skb);
		int header = ip->ihl * 4;

		if (header < (int)sizeof(*ip) || skb->len < network + header)
			return -EINVAL;
		ip_send_check(ip);
		if (!ip_is_fragment(ip))
			checksum_transport(skb, network + header, ip->protocol,
					   csum_tcpudp_nofold(ip->saddr, ip->daddr, skb->len - network - header,
							      ip->protocol, 0));
		return 0;
	}
	if (ip_hdr(skb)->version == 6 && skb->len >= network + sizeof(struct ipv6hdr)) {
		struct ipv6hdr *ip = ipv6_hdr(skb);
		int length = skb->len - network - sizeof(*ip);

		checksum_transport(skb, network + sizeof(*ip), ip->nexthdr,
				   ~csum_unfold(csum_ipv6_magic(&ip->saddr, &ip->daddr, length, ip->nexthdr, 0)));
		return 0;
	}
	return -EPROTONOSUPPORT;
}

/* A copy leaves by the packet's device, from its link-layer header on. */
int luaskb_forward(const struct sk_buff *skb)
{
	struct sk_buff *copy;

	if (!skb->dev || !skb_mac_header_was_set(skb))
		return -ENODEV;
	copy = skb_copy(skb, GFP_ATOMIC);
	if (!copy)
		return -ENOMEM;
	skb_push(copy, copy->data - skb_mac_header(copy));
	return net_xmit_eval(dev_queue_xmit(copy));
}

size_t luaskb_footprint(const struct sk_buff *skb)
{
	return SKB_TRUESIZE(skb_headroom(skb) + skb->len);
}

void *luaskb_copy(const struct sk_buff *skb)
{
	return skb_copy(skb, GFP_ATOMIC);
}

void luaskb_free(struct sk_buff *skb)
{
	kfree_skb(skb);
}

/* Whether there is a flow, and its mark before; with `set`, the mark becomes `value`. */
bool luaskb_connmark(const struct sk_buff *skb, bool set, u32 value, u32 *mark)
{
	enum ip_conntrack_info info;
	struct nf_conn *flow = nf_ct_get(skb, &info);

	if (!flow)
		return false;
	*mark = READ_ONCE(flow->mark);
	if (set && *mark != value) {
		WRITE_ONCE(flow->mark, value);
		nf_conntrack_event_cache(IPCT_MARK, flow);
	}
	return true;
}
