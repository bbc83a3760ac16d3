/* SPDX-License-Identifier: MIT OR GPL-2.0-only */
/* The two sides of luaxtables.ko. */
#ifndef LUAXTABLES_SHIM_H
#define LUAXTABLES_SHIM_H

#include <linux/list.h>
#include <linux/skbuff.h>
#include <linux/spinlock.h>
#include <linux/types.h>
#include <linux/workqueue.h>

struct luaxtables_rule;
struct net;
struct nf_conn;

/* A packet that waits for a script's word; see sys.rs. */
struct luaxtables_call {
	struct sk_buff *skb;
	const char *function;
	u8 family;
	bool target;
	bool payload;
	/* What luaxtables_show found. */
	u8 *frame, *packet;
	size_t frame_length, packet_length;
};

/* What a script answers: to a match 1 or 0, to a target a verdict of netfilter's or what says "go on". */
#define LUAXTABLES_CONTINUE	(~0U)
/* The packet is dropped, whatever the rule is. */
#define LUAXTABLES_HOTDROP	(~1U)

/* The longest packet of a match that cannot be shown where it is; of longer ones this much is shown. */
#define LUAXTABLES_SCRATCH	(64 << 10)

/*
 * A script that rules of a namespace ask. `net` is NULL before it starts, and once it or the namespace ends: who
 * has read it, with bottom halves off as scripts run, may use it until they are on. One CPU at a time runs the script.
 */
struct luaxtables {
	void *owner;
	/* Of the script. */
	const char *name;
	struct net *net;
	/* Who was asked before, and is again if this one stops first. */
	struct luaxtables *before;
	/* The bits that rules with a mask look for. */
	u32 mask;
	/* For packets that cannot be shown where they are. */
	u8 *scratch;
	/* Guards `copies`, and the packets of these. */
	spinlock_t lock;
	struct list_head copies;
	unsigned int held;
	struct sk_buff_head out;
	struct work_struct work;
};

/* A copy of a packet in the hands of a script; without one when it is sent or the namespace has ended. */
struct luaxtables_copy {
	struct luaxtables *of;
	struct list_head entry;
	struct sk_buff *skb;
	u8 family;
};

/* scope.c */
struct luaxtables *luaxtables_new(void *owner, const char *name);
void luaxtables_delete(struct luaxtables *of);
int luaxtables_start(struct luaxtables *of);
void luaxtables_stop(struct luaxtables *of);
struct luaxtables *luaxtables_of(const struct net *net);
int luaxtables_run(struct net *net, const char *code, size_t length, const char *name, size_t name_length, char *text,
		   size_t room);
int luaxtables_scope_init(void);
void luaxtables_scope_exit(void);

/* rules.c */
int luaxtables_rules_init(void);
void luaxtables_rules_exit(void);
int luaxtables_show(struct luaxtables *of, struct luaxtables_call *call);
u64 luaxtables_clock(void);
u64 luaxtables_date(void);
void luaxtables_set_mask(struct luaxtables *of, u32 set, u32 clear);
u32 luaxtables_mask(const struct luaxtables *of);

/* Where in a packet the transport header begins, from its data on; -ENOENT if it has none. */
int luaxtables_transport(const struct sk_buff *skb, u8 family, u8 *protocol);

/* copies.c */
size_t luaxtables_footprint(const struct luaxtables_call *call);
struct luaxtables_copy *luaxtables_copy_new(struct luaxtables *of, const struct luaxtables_call *call);
void luaxtables_copy_delete(struct luaxtables_copy *copy);
int luaxtables_copy_send(struct luaxtables_copy *copy, const void *payload, size_t length);
void luaxtables_copies_end(struct luaxtables *of);
int luaxtables_reply(struct luaxtables *of, const struct luaxtables_call *call, u8 protocol, const void *text,
		     size_t length);

/* output.c */
DECLARE_PER_CPU(bool, luaxtables_sending);
void luaxtables_output(struct work_struct *work);
bool luaxtables_queue(struct luaxtables *of, struct sk_buff *skb);
void luaxtables_checksum(struct sk_buff *skb, u8 family, int transport, u8 protocol);

/* flows.c */
bool luaxtables_flow(const struct luaxtables_call *call, u32 *id);
int luaxtables_flow_end(const struct luaxtables_call *call);
struct luaxtables_tuple {
	u8 family, protocol;
	u16 source_port, destination_port;
	const char *source, *destination;
	size_t source_length, destination_length;
};
struct nf_conn *luaxtables_find(const struct luaxtables *of, const struct luaxtables_tuple *tuple, int *error);
u32 luaxtables_found_id(const struct nf_conn *flow);
bool luaxtables_found_traffic(struct nf_conn *flow, bool reply, u64 *packets, u64 *bytes);
bool luaxtables_found_end(struct nf_conn *flow);
void luaxtables_found_put(struct nf_conn *flow);

/* agent.c */
int luaxtables_agent_init(void);
void luaxtables_agent_exit(void);
int luaxtables_send(const struct luaxtables *of, u32 port, bool group, const void *payload, size_t length);

/* luaxtables_main.rs */
u32 luaxtables_ask(void *owner, struct luaxtables_call *call);
int luaxtables_execute(void *owner, const char *code, size_t length, const char *name, size_t name_length, char *text,
		       size_t room);

#endif
