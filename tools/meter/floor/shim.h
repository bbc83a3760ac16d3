/* SPDX-License-Identifier: MIT OR GPL-2.0-only */
/* The two sides of floor.ko. */
#ifndef FLOOR_SHIM_H
#define FLOOR_SHIM_H

#include <linux/skbuff.h>

int floor_register(void);
void floor_unregister(void);
const u8 *floor_bytes(const struct sk_buff *skb, unsigned int offset, unsigned int length);

/* floor_main.rs */
unsigned int floor_accept(struct sk_buff *skb);
unsigned int floor_drop(struct sk_buff *skb);
unsigned int floor_udp_port(struct sk_buff *skb, u16 port);

#endif
