/* SPDX-License-Identifier: MIT OR GPL-2.0-only */
/* What connection tracking knows, for scripts that ask by packet or by addresses. */
#include <linux/inet.h>
#include <linux/netfilter.h>
#include <net/netfilter/nf_conntrack.h>
#include <net/netfilter/nf_conntrack_acct.h>
#include <net/netfilter/nf_conntrack_core.h>
#include <net/netfilter/nf_conntrack_zones.h>
#include "shim.h"

static struct nf_conn *flow_of(const struct luaxtables_call *call)
{
	enum ip_conntrack_info how;
	struct nf_conn *flow = nf_ct_get(call->skb, &how);

	return flow && !nf_ct_is_template(flow) ? flow : NULL;
}

bool luaxtables_flow(const struct luaxtables_call *call, u32 *id)
{
	const struct nf_conn *flow = flow_of(call);

	if (flow)
		*id = nf_ct_get_id(flow);
	return flow;
}

/* Forgets the flow of the packet: whether there was one to forget. One that is not in the table yet never gets there. */
int luaxtables_flow_end(const struct luaxtables_call *call)
{
	struct nf_conn *flow = flow_of(call);

	return flow && nf_ct_is_confirmed(flow) && nf_ct_kill(flow);
}

static bool address(u8 family, const char *text, size_t length, union nf_inet_addr *address)
{
	const char *end;

	if (family == NFPROTO_IPV4)
		return in4_pton(text, length, (u8 *)&address->ip, -1, &end) && end == text + length;
	return in6_pton(text, length, (u8 *)&address->in6, -1, &end) && end == text + length;
}

/* The flow that has such a direction, to be given back; NULL: -EINVAL, those are no addresses, or -ENOENT. */
struct nf_conn *luaxtables_find(const struct luaxtables *of, const struct luaxtables_tuple *wanted, int *error)
{
	struct nf_conntrack_tuple tuple = { .src.l3num = wanted->family, .dst.protonum = wanted->protocol };
	struct nf_conntrack_tuple_hash *found;
	struct net *net = READ_ONCE(of->net);

	*error = -EINVAL;
	if (!address(wanted->family, wanted->source, wanted->source_length, &tuple.src.u3) ||
	    !address(wanted->family, wanted->destination, wanted->destination_length, &tuple.dst.u3))
		return NULL;
	*error = -ENOENT;
	if (!net)
		return NULL;
	tuple.src.u.all = htons(wanted->source_port);
	tuple.dst.u.all = htons(wanted->destination_port);
	found = nf_conntrack_find_get(net, &nf_ct_zone_dflt, &tuple);
	return found ? nf_ct_tuplehash_to_ctrack(found) : NULL;
}

u32 luaxtables_found_id(const struct nf_conn *flow)
{
	return nf_ct_get_id(flow);
}

/* What went by in a direction; false: nobody counts (net.netfilter.nf_conntrack_acct). */
bool luaxtables_found_traffic(struct nf_conn *flow, bool reply, u64 *packets, u64 *bytes)
{
	const struct nf_conn_acct *account = nf_conn_acct_find(flow);
	const struct nf_conn_counter *counter;

	if (!account)
		return false;
	counter = &account->counter[reply ? IP_CT_DIR_REPLY : IP_CT_DIR_ORIGINAL];
	*packets = atomic64_read(&counter->packets);
	*bytes = atomic64_read(&counter->bytes);
	return true;
}

bool luaxtables_found_end(struct nf_conn *flow)
{
	return nf_ct_kill(flow);
}

void luaxtables_found_put(struct nf_conn *flow)
{
	nf_ct_put(flow);
}
