/* SPDX-License-Identifier: MIT OR GPL-2.0-only */
/* What shim.c gives to luaskb_main.rs. */
#ifndef LUASKB_SHIM_H
#define LUASKB_SHIM_H

#include <linux/types.h>

struct sk_buff;

unsigned int luaskb_length(const struct sk_buff *skb);
int luaskb_ifindex(const struct sk_buff *skb);
u16 luaskb_vlan(const struct sk_buff *skb);
int luaskb_own(struct sk_buff *skb);
void *luaskb_layer(struct sk_buff *skb, bool mac, size_t *length);
int luaskb_resize(struct sk_buff *skb, unsigned int length);
void luaskb_checksum(struct sk_buff *skb, unsigned int transport, int length, u8 protocol, bool fragment);
int luaskb_forward(const struct sk_buff *skb);
size_t luaskb_footprint(const struct sk_buff *skb);
void *luaskb_copy(const struct sk_buff *skb);
void luaskb_free(struct sk_buff *skb);
bool luaskb_connmark(const struct sk_buff *skb, bool set, u32 value, u32 *mark);

#endif
