/* SPDX-License-Identifier: MIT OR GPL-2.0-only */
/* Finding flows in connection tracking's table, for sys.rs. */
#include <linux/nsproxy.h>
#include <linux/sched.h>
#include <linux/string.h>
#include <net/net_namespace.h>
#include <net/netfilter/nf_conntrack.h>
#include <net/netfilter/nf_conntrack_core.h>
#include <net/netfilter/nf_conntrack_zones.h>
#include "shim.h"

/* The task's network namespace, which stays as long as it is held. */
struct net *luaconntrack_namespace(void)
{
	return get_net(current->nsproxy->net_ns);
}

void luaconntrack_leave(struct net *net)
{
	put_net(net);
}

/* The flow that has this tuple in one of its directions, held; NULL if there is none. */
struct nf_conn *luaconntrack_find(struct net *net, const struct luaskb_tuple *wanted, u16 zone)
{
	const struct nf_conntrack_tuple_hash *found;
	struct nf_conntrack_tuple tuple = {};
	struct nf_conntrack_zone in;
	struct nf_conn *flow;

	nf_ct_zone_init(&in, zone, NF_CT_DEFAULT_ZONE_DIR, 0);
	tuple.src.l3num = wanted->width == sizeof(struct in_addr) ? NFPROTO_IPV4 : NFPROTO_IPV6;
	memcpy(&tuple.src.u3, wanted->source, wanted->width);
	memcpy(&tuple.dst.u3, wanted->destination, wanted->width);
	tuple.src.u.all = htons(wanted->source_port);
	tuple.dst.u.all = htons(wanted->destination_port);
	tuple.dst.protonum = wanted->protocol;
	found = nf_conntrack_find_get(net, &in, &tuple);
	if (!found)
		return NULL;
	/* A kernel without zones looks at none. */
	flow = nf_ct_tuplehash_to_ctrack(found);
	if (nf_ct_zone_id(nf_ct_zone(flow), NF_CT_DIRECTION(found)) == zone)
		return flow;
	nf_ct_put(flow);
	return NULL;
}

void luaconntrack_put(struct nf_conn *flow)
{
	nf_ct_put(flow);
}
