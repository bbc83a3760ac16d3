/* SPDX-License-Identifier: MIT OR GPL-2.0-only */
/* Copies of packets that scripts hold, and replies that they make. */
#include <linux/if_vlan.h>
#include <linux/ip.h>
#include <linux/ipv6.h>
#include <linux/netfilter.h>
#include <linux/random.h>
#include <linux/slab.h>
#include <linux/tcp.h>
#include <linux/udp.h>
#include <net/ip.h>
#include <net/ip6_checksum.h>
#include "../luaskb/copy.h"
#include "shim.h"

/* A script holds no more copies: each keeps its flow. */
#define COPIES	1024

size_t luaxtables_footprint(const struct luaxtables_call *call)
{
	return luaskb_weight(call->skb, LL_MAX_HEADER) + sizeof(struct luaxtables_copy);
}

/* It has its flow, which ends with the namespace: so do copies. */
static struct sk_buff *copy_of(const struct sk_buff *skb, u8 family)
{
	struct sk_buff *copy = luaskb_copy_of(skb, LL_MAX_HEADER);

	if (!copy)
		return NULL;
	copy->protocol = family == NFPROTO_IPV4 ? htons(ETH_P_IP) : htons(ETH_P_IPV6);
	__vlan_hwaccel_clear_tag(copy);
	skb_unset_mac_header(copy);
	return copy;
}

struct luaxtables_copy *luaxtables_copy_new(struct luaxtables *of, const struct luaxtables_call *call)
{
	struct luaxtables_copy *copy;

	if (!READ_ONCE(of->net) || READ_ONCE(of->held) >= COPIES || skb_network_offset(call->skb))
		return NULL;
	copy = kmalloc(sizeof(*copy), GFP_ATOMIC | __GFP_NOWARN);
	if (!copy)
		return NULL;
	copy->skb = copy_of(call->skb, call->family);
	if (!copy->skb) {
		kfree(copy);
		return NULL;
	}
	copy->of = of;
	copy->family = call->family;
	spin_lock_bh(&of->lock);
	list_add(&copy->entry, &of->copies);
	WRITE_ONCE(of->held, of->held + 1);
	spin_unlock_bh(&of->lock);
	return copy;
}

static struct sk_buff *take(struct luaxtables_copy *copy)
{
	struct sk_buff *skb;

	spin_lock_bh(&copy->of->lock);
	skb = copy->skb;
	copy->skb = NULL;
	spin_unlock_bh(&copy->of->lock);
	return skb;
}

void luaxtables_copy_delete(struct luaxtables_copy *copy)
{
	struct luaxtables *of = copy->of;

	kfree_skb(take(copy));
	spin_lock_bh(&of->lock);
	list_del(&copy->entry);
	WRITE_ONCE(of->held, of->held - 1);
	spin_unlock_bh(&of->lock);
	kfree(copy);
}

/* What scripts have left is empty from here on. */
void luaxtables_copies_end(struct luaxtables *of)
{
	struct luaxtables_copy *copy;
	struct sk_buff_head ended;

	__skb_queue_head_init(&ended);
	spin_lock_bh(&of->lock);
	list_for_each_entry(copy, &of->copies, entry) {
		if (copy->skb)
			__skb_queue_tail(&ended, copy->skb);
		copy->skb = NULL;
	}
	spin_unlock_bh(&of->lock);
	__skb_queue_purge(&ended);
}

/* Gives a packet another payload, behind the header of its transport. */
static int replace(struct sk_buff *skb, u8 family, const void *payload, size_t length)
{
	unsigned int end;
	int transport;
	u8 protocol;

	transport = luaxtables_transport(skb, family, &protocol);
	if (transport < 0)
		return -EPROTO;
	if (protocol == IPPROTO_TCP && transport + sizeof(struct tcphdr) <= skb->len)
		end = transport + max_t(unsigned int, ((struct tcphdr *)(skb->data + transport))->doff * 4,
					sizeof(struct tcphdr));
	else if (protocol == IPPROTO_UDP)
		end = transport + sizeof(struct udphdr);
	else
		return -EPROTO;
	if (end > skb->len)
		return -EPROTO;
	skb_trim(skb, end);
	if (skb_tailroom(skb) < length &&
	    pskb_expand_head(skb, 0, length - skb_tailroom(skb), GFP_ATOMIC | __GFP_NOWARN))
		return -ENOMEM;
	skb_put_data(skb, payload, length);
	skb_gso_reset(skb);
	if (protocol == IPPROTO_UDP)
		((struct udphdr *)(skb->data + transport))->len = htons(skb->len - transport);
	if (family == NFPROTO_IPV4) {
		ip_hdr(skb)->tot_len = htons(skb->len);
		ip_send_check(ip_hdr(skb));
	} else {
		ipv6_hdr(skb)->payload_len = htons(skb->len - sizeof(struct ipv6hdr));
	}
	luaxtables_checksum(skb, family, transport, protocol);
	return 0;
}

/* Sends what the copy holds, which it does not from here on; with other payload, if that is not NULL. */
int luaxtables_copy_send(struct luaxtables_copy *copy, const void *payload, size_t length)
{
	struct sk_buff *skb = take(copy);
	int status = 0;

	if (!skb)
		return -ENOENT;
	if (payload)
		status = replace(skb, copy->family, payload, length);
	if (status) {
		kfree_skb(skb);
		return status;
	}
	memset(skb->cb, 0, sizeof(skb->cb));
	return luaxtables_queue(copy->of, skb) ? 0 : -ENOBUFS;
}

static void reply_addresses(struct sk_buff *reply, const struct sk_buff *to, u8 family, u8 protocol, size_t length)
{
	if (family == NFPROTO_IPV4) {
		struct iphdr *header = skb_put_zero(reply, sizeof(*header));

		reply->protocol = htons(ETH_P_IP);
		header->version = 4;
		header->ihl = sizeof(*header) / 4;
		header->tot_len = htons(sizeof(*header) + length);
		header->ttl = IPDEFTTL;
		header->protocol = protocol;
		header->saddr = ip_hdr(to)->daddr;
		header->daddr = ip_hdr(to)->saddr;
		get_random_bytes(&header->id, sizeof(header->id));
	} else {
		struct ipv6hdr *header = skb_put_zero(reply, sizeof(*header));

		reply->protocol = htons(ETH_P_IPV6);
		header->version = 6;
		header->payload_len = htons(length);
		header->hop_limit = IPDEFTTL;
		header->nexthdr = protocol;
		header->saddr = ipv6_hdr(to)->daddr;
		header->daddr = ipv6_hdr(to)->saddr;
	}
}

/* A segment that carries on where the packet's sender expects it, and ends the connection for it. */
static int reply_tcp(struct sk_buff *reply, const struct sk_buff *to, int transport)
{
	const struct tcphdr *theirs;
	struct tcphdr room, *header;

	theirs = skb_header_pointer(to, transport, sizeof(room), &room);
	/* Only what belongs to a connection has a place where a reply begins. */
	if (!theirs || !theirs->ack || theirs->rst || theirs->doff * 4 < sizeof(room) ||
	    transport + theirs->doff * 4 > to->len)
		return -EPROTO;
	header = skb_put_zero(reply, sizeof(*header));
	header->source = theirs->dest;
	header->dest = theirs->source;
	header->seq = theirs->ack_seq;
	header->ack_seq = htonl(ntohl(theirs->seq) + theirs->syn + theirs->fin + to->len - transport - theirs->doff * 4);
	header->doff = sizeof(*header) / 4;
	header->ack = 1;
	header->psh = 1;
	header->fin = 1;
	header->window = theirs->window;
	return 0;
}

static int reply_udp(struct sk_buff *reply, const struct sk_buff *to, int transport, size_t length)
{
	const struct udphdr *theirs;
	struct udphdr room, *header;

	theirs = skb_header_pointer(to, transport, sizeof(room), &room);
	if (!theirs)
		return -EPROTO;
	header = skb_put_zero(reply, sizeof(*header));
	header->source = theirs->dest;
	header->dest = theirs->source;
	header->len = htons(sizeof(*header) + length);
	return 0;
}

/* Answers the packet in the name of whom it goes to. */
int luaxtables_reply(struct luaxtables *of, const struct luaxtables_call *call, u8 protocol, const void *text,
		     size_t length)
{
	size_t begin = call->family == NFPROTO_IPV4 ? sizeof(struct iphdr) : sizeof(struct ipv6hdr);
	size_t header = protocol == IPPROTO_TCP ? sizeof(struct tcphdr) : sizeof(struct udphdr);
	const struct sk_buff *to = call->skb;
	struct sk_buff *reply;
	int transport, status;
	u8 theirs;

	transport = luaxtables_transport(to, call->family, &theirs);
	if (transport < 0 || theirs != protocol)
		return -EPROTO;
	reply = alloc_skb(LL_MAX_HEADER + begin + header + length, GFP_ATOMIC | __GFP_NOWARN);
	if (!reply)
		return -ENOMEM;
	skb_reserve(reply, LL_MAX_HEADER);
	skb_reset_network_header(reply);
	reply_addresses(reply, to, call->family, protocol, header + length);
	skb_set_transport_header(reply, begin);
	if (protocol == IPPROTO_TCP)
		status = reply_tcp(reply, to, transport);
	else
		status = reply_udp(reply, to, transport, length);
	if (status) {
		kfree_skb(reply);
		return status;
	}
	skb_put_data(reply, text, length);
	luaxtables_checksum(reply, call->family, begin, protocol);
	reply->mark = to->mark;
	nf_ct_attach(reply, to);
	return luaxtables_queue(of, reply) ? 0 : -ENOBUFS;
}
