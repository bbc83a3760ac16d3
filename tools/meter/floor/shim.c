/* SPDX-License-Identifier: MIT OR GPL-2.0-only */
/* The parameters and the registration, for floor_main.rs. */
#include <linux/ip.h>
#include <linux/moduleparam.h>
#include <linux/netfilter.h>
#include <linux/netfilter_ipv4.h>
#include <linux/udp.h>
#include <net/net_namespace.h>
#include "shim.h"

static char *job = "accept";
module_param(job, charp, 0444);
static ushort port;
module_param(port, ushort, 0444);

static unsigned int accept(void *priv, struct sk_buff *skb, const struct nf_hook_state *state)
{
	return floor_accept(skb);
}

static unsigned int drop(void *priv, struct sk_buff *skb, const struct nf_hook_state *state)
{
	return floor_drop(skb);
}

static unsigned int udp_port(void *priv, struct sk_buff *skb, const struct nf_hook_state *state)
{
	return floor_udp_port(skb, port);
}

static struct nf_hook_ops ops = {
	.pf = NFPROTO_IPV4,
	.hooknum = NF_INET_FORWARD,
	.priority = NF_IP_PRI_FILTER,
};

int floor_register(void)
{
	if (!strcmp(job, "accept"))
		ops.hook = accept;
	else if (!strcmp(job, "drop"))
		ops.hook = drop;
	else if (!strcmp(job, "udp-port"))
		ops.hook = udp_port;
	else
		return -EINVAL;
	return nf_register_net_hook(&init_net, &ops);
}

void floor_unregister(void)
{
	nf_unregister_net_hook(&init_net, &ops);
}

/* The bytes at an offset from the network header, if they are there without copying. */
const u8 *floor_bytes(const struct sk_buff *skb, unsigned int offset, unsigned int length)
{
	return offset + length <= skb_headlen(skb) ? skb->data + offset : NULL;
}
