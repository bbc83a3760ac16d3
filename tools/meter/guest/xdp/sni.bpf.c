/* SPDX-License-Identifier: MIT OR GPL-2.0-only */
/* Keys are names as TLS has them, with dots. */
#include "filter.h"
#include "names.h"

/* Extensions of a ClientHello that are looked at. */
#define EXTENSIONS 32

INLINE __u32 u16(const __u8 *at)
{
	return at[0] << 8 | at[1];
}

SEC("xdp") int filter(struct xdp_md *ctx)
{
	struct tcphdr *tcp = transport(ctx, IPPROTO_TCP);
	union query query = {};
	__u32 offset;
	__u8 *data = (void *)(long)ctx->data, *hello;
	__u8 field[9];

	if (!tcp || (void *)(tcp + 1) > end_of(ctx) || tcp->dest != be16(443))
		return XDP_PASS;
	hello = (void *)tcp + tcp->doff * 4;
	/* Record, message, version, random and the session's length. */
	if ((void *)(hello + 44) > end_of(ctx) || hello[0] != 22 || hello[5] != 1)
		return XDP_PASS;
	/* From here on by offsets: the verifier follows no pointer past fields of any length. */
	offset = hello - data + 44 + hello[43];
	if (bpf_xdp_load_bytes(ctx, offset, field, 2))
		return XDP_PASS;
	offset += 2 + u16(field);
	if (bpf_xdp_load_bytes(ctx, offset, field, 1))
		return XDP_PASS;
	offset += 1 + field[0] + 2;
	for (int i = 0; i < EXTENSIONS; i++) {
		if (bpf_xdp_load_bytes(ctx, offset, field, 9))
			return XDP_PASS;
		if (!u16(field))
			break;
		offset += 4 + u16(field + 2);
	}
	/* server_name: its list's length, the type host_name, the name's length. */
	if (u16(field) || field[6] || copy(ctx, offset + 9, u16(field + 7), &query))
		return XDP_PASS;
	lower(&query);
	if (bpf_map_lookup_elem(&blocked, query.text))
		return XDP_DROP;
#pragma unroll
	for (int i = 1; i < NAME; i++)
		if (query.text[i - 1] == '.' && bpf_map_lookup_elem(&blocked, &query.text[i]))
			return XDP_DROP;
	return XDP_PASS;
}
