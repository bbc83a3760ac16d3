/* SPDX-License-Identifier: MIT OR GPL-2.0-only */
/* What shim.c and copies.c give to luaskb_main.rs. */
#ifndef LUASKB_SHIM_H
#define LUASKB_SHIM_H

#include <linux/percpu.h>
#include <linux/types.h>

/* Whether this CPU is sending a copy of a packet. */
DECLARE_PER_CPU(bool, luaskb_forwarding);

struct net;
struct net_device;
struct nf_conn;
struct sk_buff;

/* One direction of a flow. Addresses begin their fields; numbers are in the host's order. */
struct luaskb_tuple {
	u8 source[16], destination[16];
	u16 source_port, destination_port;
	u8 protocol, width;
};

unsigned int luaskb_length(const struct sk_buff *skb);
int luaskb_ifindex(const struct sk_buff *skb);
u16 luaskb_vlan(const struct sk_buff *skb);
bool luaskb_owned(const struct sk_buff *skb);
int luaskb_layer(struct sk_buff *skb, bool mac, void **base, size_t *length);
const void *luaskb_headers(const struct sk_buff *skb, size_t *length);
bool luaskb_linear(const struct sk_buff *skb);
int luaskb_linearize(struct sk_buff *skb);
int luaskb_resize(struct sk_buff *skb, unsigned int length);
void luaskb_checksum(struct sk_buff *skb, unsigned int transport, int length, u8 protocol, bool fragment);
int luaskb_forward(const struct sk_buff *skb);
struct nf_conn *luaskb_flow(const struct sk_buff *skb, u8 *info);
void luaskb_flow_tuple(const struct nf_conn *flow, bool replies, struct luaskb_tuple *out);
u32 luaskb_flow_status(const struct nf_conn *flow);
int luaskb_flow_tcp(const struct nf_conn *flow);
u32 luaskb_flow_mark(struct nf_conn *flow, bool set, u32 value);
u16 luaskb_flow_zone(const struct nf_conn *flow);
u32 luaskb_flow_id(const struct nf_conn *flow);
bool luaskb_flow_counters(const struct nf_conn *flow, u64 *counters);
u32 luaskb_flow_timeout(struct nf_conn *flow, bool set, u32 seconds);
bool luaskb_flow_delete(struct nf_conn *flow);

/* copies.c */
size_t luaskb_footprint(const struct sk_buff *skb);
void *luaskb_copy(const struct sk_buff *skb);
void luaskb_free(struct sk_buff *copy);
void luaskb_device_ends(const struct net_device *device);
void luaskb_namespace_ends(const struct net *net);

#endif
