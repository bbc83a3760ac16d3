/* SPDX-License-Identifier: MIT OR GPL-2.0-only */
/* The family NFLUA of generic netlink: programs send chunks, scripts send what they have to tell. */
#include <linux/module.h>
#include <net/genetlink.h>
#include "shim.h"

/* The command and the attribute, both ways. */
#define MESSAGE	1
/* A chunk's bytes, with its name and a zero before them perhaps. */
#define LONGEST	65535

static const struct nla_policy policy[] = {
	[MESSAGE] = { .type = NLA_BINARY, .len = LONGEST },
};

static int execute(struct sk_buff *skb, struct genl_info *info)
{
	struct nlattr *message = info->attrs[MESSAGE];
	const char *code, *zero, *name = "nflua";
	size_t length, name_length = 5;
	char text[NETLINK_MAX_FMTMSG_LEN] = "";
	int status;

	if (!message)
		return -EINVAL;
	code = nla_data(message);
	length = nla_len(message);
	/* A zero at the end is a string's. */
	if (length && !code[length - 1])
		length--;
	zero = memchr(code, 0, length);
	if (zero) {
		name = code;
		name_length = zero - code;
		length -= name_length + 1;
		code = zero + 1;
	}
	status = luaxtables_run(genl_info_net(info), code, length, name, name_length, text, sizeof(text) - 1);
	if (status && text[0])
		NL_SET_ERR_MSG_FMT(info->extack, "%s", text);
	return status;
}

/* A chunk can do what the script can, which may be more than what there is for a container's administrator. */
static const struct genl_ops operations[] = {
	{ .cmd = MESSAGE, .flags = GENL_ADMIN_PERM, .doit = execute },
};

/* What scripts tell is what people do. */
static const struct genl_multicast_group groups[] = { { .name = "nflua", .flags = GENL_MCAST_CAP_NET_ADMIN } };

static struct genl_family family __ro_after_init = {
	.name = "NFLUA",
	.version = 1,
	.maxattr = MESSAGE,
	.policy = policy,
	.netnsok = true,
	.parallel_ops = true,
	.module = THIS_MODULE,
	.ops = operations,
	.n_ops = ARRAY_SIZE(operations),
	.resv_start_op = MESSAGE + 1,
	.mcgrps = groups,
	.n_mcgrps = ARRAY_SIZE(groups),
};

/* To the socket of a port, or to the group: 0, or why nobody gets it. */
int luaxtables_send(const struct luaxtables *of, u32 port, bool group, const void *payload, size_t length)
{
	gfp_t gfp = GFP_ATOMIC | __GFP_NOWARN;
	struct net *net = READ_ONCE(of->net);
	struct sk_buff *skb;
	void *header;

	if (!net)
		return -ENOTCONN;
	skb = genlmsg_new(nla_total_size(length), gfp);
	if (!skb)
		return -ENOMEM;
	header = genlmsg_put(skb, 0, 0, &family, 0, MESSAGE);
	if (!header || nla_put(skb, MESSAGE, length, payload)) {
		nlmsg_free(skb);
		return -EMSGSIZE;
	}
	genlmsg_end(skb, header);
	if (group)
		return genlmsg_multicast_netns(&family, net, skb, 0, 0, gfp);
	return genlmsg_unicast(net, skb, port);
}

int luaxtables_agent_init(void)
{
	return genl_register_family(&family);
}

void luaxtables_agent_exit(void)
{
	genl_unregister_family(&family);
}

MODULE_ALIAS_GENL_FAMILY("NFLUA");
