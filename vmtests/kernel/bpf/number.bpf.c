/* SPDX-License-Identifier: MIT OR GPL-2.0-only */
/* As the program that `lunatik xdp` emits, but for the number, which a map holds. */
#include "xdp.h"

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__type(key, __u32);
	__type(value, __u64);
	__uint(max_entries, 1);
} id SEC(".maps");

SEC("xdp") int number(struct xdp_md *ctx)
{
	__u32 key = 0;
	__u64 *value = bpf_map_lookup_elem(&id, &key);

	return value ? bpf_lunatik_xdp(ctx, *value) : XDP_ABORTED;
}
