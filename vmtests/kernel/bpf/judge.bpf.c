/* SPDX-License-Identifier: MIT OR GPL-2.0-only */
/* Programs that call the script xdp/judge, each in its own way. */
#include "xdp.h"

/* What the script gets, and may change. */
struct argument {
	__u32 number;
	__u8 text[3];
	__u8 ping;
};

/* The name with its zero, as C programs have it. A script that fails lets the packet pass. */
static char name[] = "xdp/judge";

SEC("xdp") int judge(struct xdp_md *ctx)
{
	struct argument argument = { .number = 7, .text = "abc" };
	int action = bpf_luaxdp_run(name, sizeof(name), ctx, &argument, sizeof(argument));

	if (action < 0)
		return XDP_PASS;
	/* The script writes what it read, plus one. */
	return action == XDP_PASS && argument.number != 8 ? XDP_DROP : action;
}

/* Of pings, which the script marks, only those pass that it fails at, with 4.4's -1. */
SEC("xdp") int failures(struct xdp_md *ctx)
{
	struct argument argument = {};
	int action = bpf_luaxdp_run(name, sizeof(name), ctx, &argument, sizeof(argument));

	if (action == -1)
		return XDP_PASS;
	return argument.ping ? XDP_DROP : action;
}

/* Without its zero. */
SEC("xdp") int exact(struct xdp_md *ctx)
{
	struct argument argument = { .number = 7 };

	return bpf_luaxdp_run(name, sizeof(name) - 1, ctx, &argument, sizeof(argument));
}

/* In a buffer that is longer, whatever follows the zero. */
static char padded[40] = "xdp/judge\0something else";
SEC("xdp") int longer(struct xdp_md *ctx)
{
	struct argument argument = { .number = 7 };

	return bpf_luaxdp_run(padded, sizeof(padded), ctx, &argument, sizeof(argument));
}

/* Names of no script: failures pass. */
static char beginning[] = "xdp/judg";
SEC("xdp") int shorter(struct xdp_md *ctx)
{
	struct argument argument = {};

	return bpf_luaxdp_run(beginning, sizeof(beginning), ctx, &argument, sizeof(argument)) == -1 ? XDP_PASS : XDP_DROP;
}

static char other[] = "xdp/judge2";
SEC("xdp") int mismatch(struct xdp_md *ctx)
{
	struct argument argument = {};

	return bpf_luaxdp_run(other, sizeof(other), ctx, &argument, sizeof(argument)) == -1 ? XDP_PASS : XDP_DROP;
}

/* An argument that is shorter than what the script reads. */
SEC("xdp") int small(struct xdp_md *ctx)
{
	__u16 argument = 7;

	return bpf_luaxdp_run(name, sizeof(name), ctx, &argument, sizeof(argument)) == -1 ? XDP_PASS : XDP_DROP;
}

/* Sees packets in several buffers. */
SEC("xdp.frags") int jumbo(struct xdp_md *ctx)
{
	struct argument argument = { .number = 7 };
	int action = bpf_luaxdp_run(name, sizeof(name), ctx, &argument, sizeof(argument));

	return action < 0 ? XDP_PASS : action;
}

/* A number that no script has, or has had, lets the packet pass. */
SEC("xdp") int unknown(struct xdp_md *ctx)
{
	return bpf_lunatik_xdp(ctx, 1ull << 40);
}

static long length(struct xdp_md *ctx)
{
	long length = (long)ctx->data_end - (long)ctx->data;

	/* Pointers may be subtracted, but not in another order. */
	asm volatile("" : "+r"(length));
	return length;
}

/* After an adjustment, the program sees the packet as it is now: the script says by how much. */
SEC("xdp") int anew(struct xdp_md *ctx)
{
	struct argument argument = { .number = 7 };
	long before = length(ctx);
	int action = bpf_luaxdp_run(name, sizeof(name), ctx, &argument, sizeof(argument));

	return argument.number == 8 || length(ctx) - before == (int)argument.number ? action : XDP_DROP;
}

/* Scripts of their own, without an argument; failures are seen, as the packet is lost. */
#define CALL(program, script)                                                                             \
	static char program##_name[] = script;                                                            \
	SEC("xdp") int program(struct xdp_md *ctx)                                                        \
	{                                                                                                 \
		char nothing = 0;                                                                         \
		int action = bpf_luaxdp_run(program##_name, sizeof(program##_name), ctx, &nothing, 0);    \
                                                                                                          \
		return action < 0 ? XDP_ABORTED : action;                                                 \
	}

CALL(answer, "xdp/answer")
CALL(route, "xdp/route")
