/* SPDX-License-Identifier: MIT OR GPL-2.0-only */
/* The match `lua` and the target `LUA`. */
#include <linux/ip.h>
#include <linux/module.h>
#include <linux/netfilter/x_tables.h>
#include <linux/sched/clock.h>
#include <linux/tcp.h>
#include <linux/timekeeping.h>
#include <net/ip.h>
#include <net/ipv6.h>
#include <net/netfilter/nf_conntrack.h>
#include "rule.h"
#include "shim.h"

u64 luaxtables_clock(void)
{
	return local_clock();
}

u64 luaxtables_date(void)
{
	return ktime_get_real_ns();
}

void luaxtables_set_mask(struct luaxtables *of, u32 set, u32 clear)
{
	WRITE_ONCE(of->mask, (of->mask & ~clear) | set);
}

u32 luaxtables_mask(const struct luaxtables *of)
{
	return READ_ONCE(of->mask);
}

int luaxtables_transport(const struct sk_buff *skb, u8 family, u8 *protocol)
{
	unsigned short fragment = 0;
	unsigned int offset = 0;
	int found;

	if (family == NFPROTO_IPV4) {
		if (ip_hdr(skb)->frag_off & htons(IP_OFFSET))
			return -ENOENT;
		*protocol = ip_hdr(skb)->protocol;
		return skb_network_offset(skb) + ip_hdrlen(skb);
	}
	found = ipv6_find_hdr(skb, &offset, -1, &fragment, NULL);
	if (found < 0 || fragment)
		return -ENOENT;
	*protocol = found;
	return offset;
}

/* Where the bytes begin that are to be shown: -ENOENT if there are none of that kind. */
static int beginning(const struct luaxtables_call *call)
{
	const struct tcphdr *header;
	struct tcphdr room;
	int transport, end;
	u8 protocol;

	if (!call->payload)
		return skb_network_offset(call->skb);
	transport = luaxtables_transport(call->skb, call->family, &protocol);
	if (transport < 0 || protocol != IPPROTO_TCP)
		return -ENOENT;
	header = skb_header_pointer(call->skb, transport, sizeof(room), &room);
	if (!header || header->doff * 4 < sizeof(room))
		return -ENOENT;
	end = transport + header->doff * 4;
	return end <= call->skb->len ? end : -ENOENT;
}

/*
 * Finds the bytes that the script is shown. Those of a target are the script's to write. A match must leave the
 * packet where it is, for who has asked it has pointers there, and must not write what is others', too: what is in
 * pieces, or shared, is shown as a copy.
 */
int luaxtables_show(struct luaxtables *of, struct luaxtables_call *call)
{
	struct sk_buff *skb = call->skb;
	int begin = beginning(call);

	if (begin < 0)
		return begin;
	if (call->target) {
		if (skb_ensure_writable(skb, skb->len))
			return -ENOMEM;
		/* A sum that a device made would be of other bytes. */
		skb_forward_csum(skb);
	}
	call->frame_length = 0;
	if (skb_mac_header_was_set(skb) && skb->mac_header < skb->network_header)
		call->frame_length = skb->network_header - skb->mac_header;
	call->packet_length = skb->len - begin;
	/* A clone whose header is the target's to write is in one piece, too, and all of it is header. */
	if (call->target || (!skb_is_nonlinear(skb) && !skb_cloned(skb))) {
		call->frame = call->frame_length ? skb_mac_header(skb) : skb->data;
		call->packet = skb->data + begin;
		return 0;
	}
	call->frame_length = min_t(size_t, call->frame_length, LUAXTABLES_SCRATCH);
	call->packet_length = min_t(size_t, call->packet_length, LUAXTABLES_SCRATCH - call->frame_length);
	call->frame = of->scratch;
	call->packet = of->scratch + call->frame_length;
	if (call->frame_length)
		memcpy(call->frame, skb_mac_header(skb), call->frame_length);
	return skb_copy_bits(skb, begin, call->packet, call->packet_length);
}

/* What the script of the packet's namespace says: 0 if there is none, or it is not to be asked. */
static u32 ask(struct sk_buff *skb, const struct xt_action_param *par, bool target)
{
	const struct luaxtables_rule *rule = target ? par->targinfo : par->matchinfo;
	struct luaxtables_call call = {
		.skb = skb,
		.function = rule->function,
		.family = xt_family(par),
		.target = target,
		.payload = rule->flags & LUAXTABLES_TCP_PAYLOAD,
	};
	const u32 nothing = target ? LUAXTABLES_CONTINUE : 0;
	const struct luaxtables *of = luaxtables_of(xt_net(par));

	if (!of || (rule->mask && !(READ_ONCE(of->mask) & rule->mask)))
		return nothing;
	/* What scripts send passes unasked; a task's own packet may have left the CPU meanwhile. */
	if (raw_cpu_read(luaxtables_sending) && in_softirq())
		return nothing;
	/* Nothing to show. */
	if (beginning(&call) < 0)
		return nothing;
	return luaxtables_ask(of->owner, &call);
}

static bool matches(const struct sk_buff *skb, struct xt_action_param *par)
{
	/* It is not changed: see luaxtables_show. */
	u32 answer = ask((struct sk_buff *)skb, par, false);

	par->hotdrop = answer == LUAXTABLES_HOTDROP;
	return answer == 1;
}

static unsigned int verdict(struct sk_buff *skb, const struct xt_action_param *par)
{
	u32 answer = ask(skb, par, true);

	switch (answer) {
	case LUAXTABLES_CONTINUE:
		return XT_CONTINUE;
	case LUAXTABLES_HOTDROP:
		return NF_DROP;
	case NF_STOLEN:
		/* It is gone, and whoever sent it does not hear of it. */
		consume_skb(skb);
		return NF_STOLEN;
	default:
		return answer;
	}
}

/* Rules with functions that cannot be have no place in the kernel; those that are not there yet have. */
static int check(const struct luaxtables_rule *rule, struct net *net, u8 family)
{
	size_t length = strnlen(rule->function, sizeof(rule->function));

	if (!length || length == sizeof(rule->function) || rule->flags & ~LUAXTABLES_TCP_PAYLOAD)
		return -EINVAL;
	/* Scripts ask for flows. */
	return nf_ct_netns_get(net, family);
}

static int check_match(const struct xt_mtchk_param *par)
{
	return check(par->matchinfo, par->net, par->family);
}

static void end_match(const struct xt_mtdtor_param *par)
{
	nf_ct_netns_put(par->net, par->family);
}

static int check_target(const struct xt_tgchk_param *par)
{
	return check(par->targinfo, par->net, par->family);
}

static void end_target(const struct xt_tgdtor_param *par)
{
	nf_ct_netns_put(par->net, par->family);
}

#define MATCH(number) { \
	.name = "lua", .family = number, .match = matches, .checkentry = check_match, .destroy = end_match, \
	.matchsize = sizeof(struct luaxtables_rule), .me = THIS_MODULE, \
}
#define TARGET(number) { \
	.name = "LUA", .family = number, .target = verdict, .checkentry = check_target, .destroy = end_target, \
	.targetsize = sizeof(struct luaxtables_rule), .me = THIS_MODULE, \
}

static struct xt_match match_types[] = { MATCH(NFPROTO_IPV4), MATCH(NFPROTO_IPV6) };
static struct xt_target target_types[] = { TARGET(NFPROTO_IPV4), TARGET(NFPROTO_IPV6) };

int luaxtables_rules_init(void)
{
	int status = xt_register_matches(match_types, ARRAY_SIZE(match_types));

	if (status)
		return status;
	status = xt_register_targets(target_types, ARRAY_SIZE(target_types));
	if (status)
		xt_unregister_matches(match_types, ARRAY_SIZE(match_types));
	return status;
}

void luaxtables_rules_exit(void)
{
	xt_unregister_targets(target_types, ARRAY_SIZE(target_types));
	xt_unregister_matches(match_types, ARRAY_SIZE(match_types));
}

MODULE_ALIAS("xt_lua");
MODULE_ALIAS("ipt_lua");
MODULE_ALIAS("ip6t_lua");
MODULE_ALIAS("xt_LUA");
MODULE_ALIAS("ipt_LUA");
MODULE_ALIAS("ip6t_LUA");
