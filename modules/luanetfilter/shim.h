/* SPDX-License-Identifier: MIT OR GPL-2.0-only */
/* The two sides of luanetfilter.ko. */
#ifndef LUANETFILTER_SHIM_H
#define LUANETFILTER_SHIM_H

#include <linux/types.h>

struct nf_hook_ops;
struct sk_buff;

/* The beginning of what luanetfilter_new takes as `hook`; see gate.rs. */
struct luanetfilter_gate {
	u32 mark;
	u8 bit;
};

struct nf_hook_ops *luanetfilter_new(void *hook, u8 family, unsigned int point, int priority);
void luanetfilter_delete(struct nf_hook_ops *ops);
int luanetfilter_register(struct nf_hook_ops *ops);
void luanetfilter_unregister(struct nf_hook_ops *ops);
unsigned int luanetfilter_points(unsigned int family);
void luanetfilter_mark(struct sk_buff *skb, u32 mark);
int luanetfilter_labels_get(void);
void luanetfilter_labels_put(void);
void luanetfilter_decide(struct sk_buff *skb, unsigned int bit);
void luanetfilter_forget(unsigned int bit);
int luanetfilter_track(u8 family);
void luanetfilter_untrack(u8 family);

/* luanetfilter_main.rs */
unsigned int luanetfilter_verdict(void *hook, struct sk_buff *skb);

#endif
