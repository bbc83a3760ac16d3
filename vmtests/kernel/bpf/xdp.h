/* SPDX-License-Identifier: MIT OR GPL-2.0-only */
/* What the programs here need of libbpf's headers, and the functions of luaxdp.ko. */
#include <linux/bpf.h>

#define SEC(name) __attribute__((section(name), used))
#define __ksym __attribute__((section(".ksyms")))
#define __uint(name, value) int (*name)[value]
#define __type(name, value) value *name

extern int bpf_luaxdp_run(char *key, __SIZE_TYPE__ key__sz, struct xdp_md *ctx, void *arg,
			  __SIZE_TYPE__ arg__sz) __ksym;
extern int bpf_lunatik_xdp(struct xdp_md *ctx, __u64 id) __ksym;
static void *(*const bpf_map_lookup_elem)(void *map, const void *key) = (void *)BPF_FUNC_map_lookup_elem;

char LICENSE[] SEC("license") = "Dual MIT/GPL";
