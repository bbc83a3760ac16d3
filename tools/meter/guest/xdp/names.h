/* SPDX-License-Identifier: MIT OR GPL-2.0-only */
/* Block lists of domain names: a name is in the list with all below it. */

/* Of names in the list and in packets; longer ones pass. */
#define NAME 64

/* A key is a name in lower case with zeros after it. */
struct name {
	char text[NAME];
};

BLOCKED(struct name);

/* A name in a packet, and zeros after it: a key begins at each of its labels. */
union query {
	char text[2 * NAME];
	__u64 words[2 * NAME / 8];
};

/* Copies the name at this place of the packet; returns 0 if it is of a length that keys have. */
INLINE long copy(struct xdp_md *ctx, __u32 offset, __u32 length, union query *query)
{
	if (length > NAME)
		return 1;
	/* The compiler would make one comparison of two, which the verifier does not follow. */
	asm volatile("" : "+r"(length));
	if (length < 1)
		return 1;
	return bpf_xdp_load_bytes(ctx, offset, query->text, length);
}

/* Capitals become small, eight at a time; DNS's lengths are below them. */
INLINE void lower(union query *query)
{
#pragma unroll
	for (int i = 0; i < NAME / 8; i++) {
		__u64 word = query->words[i], low = word & 0x7f7f7f7f7f7f7f7full;
		__u64 from_a = low + (0x80 - 'A') * 0x0101010101010101ull;
		__u64 past_z = low + (0x7f - 'Z') * 0x0101010101010101ull;

		query->words[i] = word | ((from_a ^ past_z) & ~word & 0x8080808080808080ull) >> 2;
	}
}
