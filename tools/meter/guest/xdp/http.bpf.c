/* SPDX-License-Identifier: MIT OR GPL-2.0-only */
#include "filter.h"

/* Of a request, from its beginning on. */
#define SEARCHED 512

/* Eight characters as the number that reading them one after the other gives. */
#define WORD(a, b, c, d, e, f, g, h)                                                              \
	((__u64)(a) << 56 | (__u64)(b) << 48 | (__u64)(c) << 40 | (__u64)(d) << 32 | (__u64)(e) << 24 | \
	 (__u64)(f) << 16 | (__u64)(g) << 8 | (__u64)(h))

SEC("xdp") int filter(struct xdp_md *ctx)
{
	struct tcphdr *tcp = transport(ctx, IPPROTO_TCP);
	__u64 first = 0, second = 0, third = 0, differ;
	__u8 *at;

	if (!tcp || (void *)(tcp + 1) > end_of(ctx) || tcp->dest != be16(80))
		return XDP_PASS;
	at = (void *)tcp + tcp->doff * 4;
	/* The last 24 characters in three words: the verifier follows few branches. */
	for (int i = 0; i < SEARCHED; i++, at++) {
		if ((void *)(at + 1) > end_of(ctx))
			return XDP_PASS;
		first = first << 8 | second >> 56;
		second = second << 8 | third >> 56;
		third = third << 8 | *at;
		/* Most characters are not the last one. */
		if (*at != '0')
			continue;
		differ = (first ^ WORD('\r', '\n', 'U', 's', 'e', 'r', '-', 'A')) |
			 (second ^ WORD('g', 'e', 'n', 't', ':', ' ', 'B', 'a')) |
			 (third ^ WORD('d', 'B', 'o', 't', '/', '1', '.', '0'));
		/* The compiler would make three branches of it. */
		asm volatile("" : "+r"(differ));
		if (!differ)
			return XDP_DROP;
	}
	return XDP_PASS;
}
