/* SPDX-License-Identifier: MIT OR GPL-2.0-only */
/* Copies of packets that scripts hold: what luaskb.ko and luaxtables.ko have in common. */
#ifndef LUASKB_COPY_H
#define LUASKB_COPY_H

#include <linux/skbuff.h>
#include <linux/slab.h>

/* The bytes of memory that a copy with so much room before its bytes takes. */
static inline size_t luaskb_weight(const struct sk_buff *skb, unsigned int headroom)
{
	return SKB_DATA_ALIGN(sizeof(*skb)) + kmalloc_size_roundup(SKB_HEAD_ALIGN(headroom + skb->len));
}

/*
 * A copy in one piece, with so much room before its bytes and none behind them. It holds neither device nor route,
 * which may go while a script has it.
 */
static inline struct sk_buff *luaskb_copy_of(const struct sk_buff *skb, unsigned int headroom)
{
	struct sk_buff *copy;

	/* Packets that are a list of packets cannot be in one piece. */
	if (skb_shinfo(skb)->gso_type & SKB_GSO_FRAGLIST)
		return NULL;
	copy = skb_copy_expand(skb, headroom, 0, GFP_ATOMIC | __GFP_NOWARN);
	if (!copy)
		return NULL;
	skb_dst_drop(copy);
	skb_ext_reset(copy);
	copy->dev = NULL;
	skb_forward_csum(copy);
	skb_clear_tstamp(copy);
	return copy;
}

#endif
