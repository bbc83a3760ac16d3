/* SPDX-License-Identifier: MIT OR GPL-2.0-only */
/* The two sides of luanetfilter.ko. */
#ifndef LUANETFILTER_SHIM_H
#define LUANETFILTER_SHIM_H

#include <linux/if.h>
#include <linux/types.h>

struct sk_buff;

/* The beginning of what luanetfilter_new takes as `hook`; see gate.rs. */
struct luanetfilter_gate {
	u32 mark;
	u8 bit;
};

/* Where a hook sits; see hook.rs. */
struct luanetfilter_place {
	u8 family;
	u8 point;
	/* Whether connections are tracked for it. */
	bool track;
	/* The name of the device that it is of, or nothing. */
	char device[IFNAMSIZ];
	int priority;
};

struct luanetfilter_hook;

int luanetfilter_init(void);
void luanetfilter_exit(void);
struct luanetfilter_hook *luanetfilter_new(void *hook, const struct luanetfilter_place *place);
void luanetfilter_delete(struct luanetfilter_hook *hook);
int luanetfilter_register(struct luanetfilter_hook *hook);
void luanetfilter_unregister(struct luanetfilter_hook *hook);
bool luanetfilter_is_there(const char *device);
void luanetfilter_points(unsigned int family, bool device, unsigned int *first, unsigned int *end);
void luanetfilter_mark(struct sk_buff *skb, u32 mark);
void luanetfilter_decide(struct sk_buff *skb, unsigned int bit);

/* luanetfilter_main.rs */
unsigned int luanetfilter_verdict(void *hook, struct sk_buff *skb);

#endif
