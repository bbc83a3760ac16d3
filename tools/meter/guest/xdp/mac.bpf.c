/* SPDX-License-Identifier: MIT OR GPL-2.0-only */
#include "filter.h"

struct mac {
	__u8 bytes[6];
};

BLOCKED(struct mac);

SEC("xdp") int filter(struct xdp_md *ctx)
{
	struct ethhdr *ethernet = (void *)(long)ctx->data;

	if ((void *)(ethernet + 1) > end_of(ctx))
		return XDP_PASS;
	return bpf_map_lookup_elem(&blocked, ethernet->h_source) ? XDP_DROP : XDP_PASS;
}
