/* SPDX-License-Identifier: MIT OR GPL-2.0-only */
/* Asks the script `ruler`, as programs for Lunatik 4.4 do. */
#include "filter.h"

extern int bpf_luaxdp_run(char *key, __SIZE_TYPE__ key__sz, struct xdp_md *ctx, void *arg,
			  __SIZE_TYPE__ arg__sz) __attribute__((section(".ksyms")));

static char script[] = "ruler";

SEC("xdp") int filter(struct xdp_md *ctx)
{
	__u32 argument = 0;
	int action = bpf_luaxdp_run(script, sizeof(script), ctx, &argument, sizeof(argument));

	return action < 0 ? XDP_PASS : action;
}
