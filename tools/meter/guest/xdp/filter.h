/* SPDX-License-Identifier: MIT OR GPL-2.0-only */
/* What the programs share: of libbpf's headers as much as they need, and where headers are. */
#include <linux/bpf.h>
#include <linux/if_ether.h>
#include <linux/in.h>
#include <linux/ip.h>
#include <linux/tcp.h>
#include <linux/udp.h>
#include <stddef.h>

#define SEC(name) __attribute__((section(name), used))
#define __uint(name, value) int (*name)[value]
#define __type(name, type) type *name
#define LIBBPF_PIN_BY_NAME 1
#define INLINE static inline __attribute__((always_inline))
#define be16(x) __builtin_bswap16(x)

static void *(*const bpf_map_lookup_elem)(void *map, const void *key) = (void *)BPF_FUNC_map_lookup_elem;
static long (*const bpf_xdp_load_bytes)(struct xdp_md *ctx, __u32 offset, void *to, __u32 length) =
	(void *)BPF_FUNC_xdp_load_bytes;

char LICENSE[] SEC("license") = "Dual MIT/GPL";

/* A block list: SIZE keys of this type. The meter fills it. */
#define BLOCKED(key_type)                         \
	struct {                                  \
		__uint(type, BPF_MAP_TYPE_HASH);  \
		__uint(max_entries, SIZE);        \
		__uint(pinning, LIBBPF_PIN_BY_NAME); \
		__type(key, key_type);            \
		__type(value, __u8);              \
	} blocked SEC(".maps")

#define end_of(ctx) ((void *)(long)(ctx)->data_end)

/* The IPv4 header, or NULL for other packets. */
INLINE struct iphdr *ipv4(struct xdp_md *ctx)
{
	struct ethhdr *ethernet = (void *)(long)ctx->data;
	struct iphdr *ip = (void *)(ethernet + 1);

	if ((void *)(ip + 1) > end_of(ctx) || ethernet->h_proto != be16(ETH_P_IP))
		return NULL;
	return ip;
}

/* What follows the IPv4 header if it is of that protocol and not a later fragment. */
INLINE void *transport(struct xdp_md *ctx, __u8 protocol)
{
	struct iphdr *ip = ipv4(ctx);

	if (!ip || ip->protocol != protocol || ip->frag_off & be16(0x1fff) || ip->ihl < 5)
		return NULL;
	return (void *)ip + ip->ihl * 4;
}
