/* SPDX-License-Identifier: MIT OR GPL-2.0-only */
#include "filter.h"

BLOCKED(__u32);

SEC("xdp") int filter(struct xdp_md *ctx)
{
	struct iphdr *ip = ipv4(ctx);

	if (!ip)
		return XDP_PASS;
	return bpf_map_lookup_elem(&blocked, &ip->saddr) ? XDP_DROP : XDP_PASS;
}
