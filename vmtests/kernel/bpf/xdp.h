/* SPDX-License-Identifier: MIT OR GPL-2.0-only */
/* What the programs here need of libbpf's headers, and the functions of luaxdp.ko. */
#include <linux/bpf.h>

#define SEC(name) __attribute__((section(name), used))
#define __ksym __attribute__((section(".ksyms")))

extern int bpf_luaxdp_run(char *key, __SIZE_TYPE__ key__sz, struct xdp_md *ctx, void *arg,
			  __SIZE_TYPE__ arg__sz) __ksym;
extern int bpf_lunatik_xdp(struct xdp_md *ctx, __u64 id) __ksym;

char LICENSE[] SEC("license") = "Dual MIT/GPL";
