/* SPDX-License-Identifier: MIT OR GPL-2.0-only */
/* Without Lua: the far end of a wire needs a program to receive what XDP sends. */
#include "xdp.h"

SEC("xdp.frags") int pass(struct xdp_md *ctx)
{
	return XDP_PASS;
}
