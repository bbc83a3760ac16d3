/* SPDX-License-Identifier: MIT OR GPL-2.0-only */
/* The route of a packet, as the eBPF helper bpf_fib_lookup() gives it, which modules cannot
 * call. Runs in an RCU read-side critical section, as XDP does. */
#include <linux/bpf.h>
#include <linux/etherdevice.h>
#include <linux/if_arp.h>
#include <linux/inetdevice.h>
#include <net/arp.h>
#include <net/addrconf.h>
#include <net/flow_dissector.h>
#include <net/ip6_route.h>
#include <net/ip_fib.h>
#include <net/ipv6_stubs.h>
#include <net/ndisc.h>
#include <net/nexthop.h>
#include <net/xdp.h>
#include "shim.h"

/* The neighbour of the next hop, with both link-layer addresses. Where there are none, the stack knows what to send. */
static int neighbour(struct luaxdp_flow *flow, const struct net_device *dev, const struct neighbour *neigh)
{
	if (!neigh || dev->type != ARPHRD_ETHER || !(READ_ONCE(neigh->nud_state) & NUD_VALID))
		return BPF_FIB_LKUP_RET_NO_NEIGH;
	ether_addr_copy(flow->to, neigh->ha);
	ether_addr_copy(flow->from, dev->dev_addr);
	return BPF_FIB_LKUP_RET_SUCCESS;
}

/* One of several paths, by the hash that the stack uses (fib_multipath_hash_policy 0 and 1). */
static void choose_path(struct net *net, struct fib_result *res, const struct flowi4 *fl4)
{
	struct flow_keys keys = {};
	int i, hash;

	keys.control.addr_type = FLOW_DISSECTOR_KEY_IPV4_ADDRS;
	keys.addrs.v4addrs.src = fl4->saddr;
	keys.addrs.v4addrs.dst = fl4->daddr;
	if (READ_ONCE(net->ipv4.sysctl_fib_multipath_hash_policy) == 1) {
		keys.ports.src = fl4->fl4_sport;
		keys.ports.dst = fl4->fl4_dport;
		keys.basic.ip_proto = fl4->flowi4_proto;
	}
	hash = fib_multipath_hash_from_keys(net, &keys) >> 1;
	if (res->fi->nh) {
		nexthop_path_fib_result(res, hash);
		return;
	}
	for (i = 0; i < res->fi->fib_nhs; i++) {
		if (hash > atomic_read(&res->fi->fib_nh[i].fib_nh_upper_bound))
			continue;
		res->nh_sel = i;
		res->nhc = &res->fi->fib_nh[i].nh_common;
		return;
	}
}

/* The largest packet of the route; what ICMP said of paths is for our own packets. */
static u32 largest(const struct fib_result *res)
{
	const struct fib_info *fi = res->fi;

	if (fi->fib_mtu && fi->fib_metrics->metrics[RTAX_LOCK - 1] & (1 << RTAX_MTU))
		return fi->fib_mtu;
	return min(READ_ONCE(res->nhc->nhc_dev->mtu), IP_MAX_MTU);
}

static int route4(struct net_device *in, struct luaxdp_flow *flow)
{
	struct net *net = dev_net(in);
	struct in_device *config = __in_dev_get_rcu(in);
	struct flowi4 fl4 = {};
	struct fib_result res;
	struct net_device *dev;
	__be32 next;

	if (!config || !IN_DEV_FORWARD(config))
		return BPF_FIB_LKUP_RET_FWD_DISABLED;
	memcpy(&fl4.saddr, flow->source, 4);
	memcpy(&fl4.daddr, flow->destination, 4);
	fl4.flowi4_iif = in->ifindex;
	fl4.flowi4_tos = flow->tos & INET_DSCP_MASK;
	fl4.flowi4_scope = RT_SCOPE_UNIVERSE;
	fl4.flowi4_proto = flow->protocol;
	fl4.fl4_sport = flow->source_port;
	fl4.fl4_dport = flow->destination_port;
	fl4.flowi4_uid = sock_net_uid(net, NULL);
	switch (fib_lookup(net, &fl4, &res, FIB_LOOKUP_NOREF)) {
	case 0:
		break;
	case -EINVAL:
		return BPF_FIB_LKUP_RET_BLACKHOLE;
	case -EHOSTUNREACH:
		return BPF_FIB_LKUP_RET_UNREACHABLE;
	case -EACCES:
		return BPF_FIB_LKUP_RET_PROHIBIT;
	default:
		return BPF_FIB_LKUP_RET_NOT_FWDED;
	}
	if (res.type != RTN_UNICAST)
		return BPF_FIB_LKUP_RET_NOT_FWDED;
	if (fib_info_num_path(res.fi) > 1)
		choose_path(net, &res, &fl4);
	flow->mtu = largest(&res);
	if (flow->length > flow->mtu)
		return BPF_FIB_LKUP_RET_FRAG_NEEDED;
	if (res.nhc->nhc_lwtstate)
		return BPF_FIB_LKUP_RET_UNSUPP_LWT;
	dev = res.nhc->nhc_dev;
	flow->ifindex = dev->ifindex;
	if (res.nhc->nhc_gw_family == AF_INET6)
		return neighbour(flow, dev, __ipv6_neigh_lookup_noref_stub(dev, &res.nhc->nhc_gw.ipv6));
	next = res.nhc->nhc_gw_family ? res.nhc->nhc_gw.ipv4 : fl4.daddr;
	return neighbour(flow, dev, __ipv4_neigh_lookup_noref(dev, (__force u32)next));
}

static int route6(struct net_device *in, struct luaxdp_flow *flow)
{
	struct net *net = dev_net(in);
	struct inet6_dev *config = __in6_dev_get_safely(in);
	struct fib6_result res = {};
	struct flowi6 fl6 = {};
	struct net_device *dev;

	memcpy(&fl6.saddr, flow->source, 16);
	memcpy(&fl6.daddr, flow->destination, 16);
	if (rt6_need_strict(&fl6.saddr) || rt6_need_strict(&fl6.daddr))
		return BPF_FIB_LKUP_RET_NOT_FWDED;
	if (!config || !READ_ONCE(config->cnf.forwarding))
		return BPF_FIB_LKUP_RET_FWD_DISABLED;
	fl6.flowi6_iif = in->ifindex;
	fl6.flowlabel = flow->label;
	fl6.flowi6_proto = flow->protocol;
	fl6.fl6_sport = flow->source_port;
	fl6.fl6_dport = flow->destination_port;
	fl6.flowi6_uid = sock_net_uid(net, NULL);
	if (ipv6_stub->fib6_lookup(net, in->ifindex, &fl6, &res, RT6_LOOKUP_F_HAS_SADDR) ||
	    IS_ERR_OR_NULL(res.f6i) || res.f6i == net->ipv6.fib6_null_entry)
		return BPF_FIB_LKUP_RET_NOT_FWDED;
	switch (res.fib6_type) {
	case RTN_UNICAST:
		break;
	case RTN_BLACKHOLE:
		return BPF_FIB_LKUP_RET_BLACKHOLE;
	case RTN_UNREACHABLE:
		return BPF_FIB_LKUP_RET_UNREACHABLE;
	case RTN_PROHIBIT:
		return BPF_FIB_LKUP_RET_PROHIBIT;
	default:
		return BPF_FIB_LKUP_RET_NOT_FWDED;
	}
	ipv6_stub->fib6_select_path(net, &res, &fl6, 0, false, NULL, RT6_LOOKUP_F_HAS_SADDR);
	flow->mtu = ipv6_stub->ip6_mtu_from_fib6(&res, &fl6.daddr, &fl6.saddr);
	if (flow->length > flow->mtu)
		return BPF_FIB_LKUP_RET_FRAG_NEEDED;
	if (res.nh->fib_nh_lws)
		return BPF_FIB_LKUP_RET_UNSUPP_LWT;
	dev = res.nh->fib_nh_dev;
	flow->ifindex = dev->ifindex;
	return neighbour(flow, dev, __ipv6_neigh_lookup_noref_stub(dev, res.nh->fib_nh_gw_family ? &res.nh->fib_nh_gw6
												  : &fl6.daddr));
}

int luaxdp_route(const struct xdp_buff *xdp, struct luaxdp_flow *flow)
{
	return flow->version == 4 ? route4(xdp->rxq->dev, flow) : route6(xdp->rxq->dev, flow);
}
