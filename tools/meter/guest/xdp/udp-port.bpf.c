/* SPDX-License-Identifier: MIT OR GPL-2.0-only */
#include "filter.h"

SEC("xdp") int filter(struct xdp_md *ctx)
{
	struct udphdr *udp = transport(ctx, IPPROTO_UDP);

	if (!udp || (void *)(udp + 1) > end_of(ctx))
		return XDP_PASS;
	return udp->dest == be16(9999) ? XDP_DROP : XDP_PASS;
}
