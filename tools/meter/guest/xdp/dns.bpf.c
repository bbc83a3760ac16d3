/* SPDX-License-Identifier: MIT OR GPL-2.0-only */
/* Keys are names as DNS has them: each label after its length. */
#include "filter.h"
#include "names.h"

/* Labels of a name; names of more pass. */
#define LABELS 8

SEC("xdp") int filter(struct xdp_md *ctx)
{
	struct udphdr *udp = transport(ctx, IPPROTO_UDP);
	union query query = {};
	__u32 offset, length = 0;
	__u8 *message, byte;
	int whole = 0;

	if (!udp || (void *)(udp + 1) > end_of(ctx) || udp->dest != be16(53))
		return XDP_PASS;
	message = (void *)(udp + 1);
	/* A standard query (no QR, opcode 0) with a question. */
	if ((void *)(message + 12) > end_of(ctx) || message[2] & 0xf8 || !(message[4] | message[5]))
		return XDP_PASS;
	offset = message + 12 - (__u8 *)(long)ctx->data;
	for (int i = 0; i <= LABELS; i++) {
		if (bpf_xdp_load_bytes(ctx, offset + length, &byte, 1) || byte >= 64)
			return XDP_PASS;
		if (!byte) {
			whole = 1;
			break;
		}
		length += byte + 1;
	}
	if (!whole || copy(ctx, offset, length, &query))
		return XDP_PASS;
	lower(&query);
	length = 0;
	for (int i = 0; i < LABELS; i++) {
		if (bpf_map_lookup_elem(&blocked, &query.text[length]))
			return XDP_DROP;
		length += 1 + query.text[length];
		if (length >= NAME || !query.text[length])
			return XDP_PASS;
	}
	return XDP_PASS;
}
