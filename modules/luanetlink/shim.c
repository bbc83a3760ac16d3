/* SPDX-License-Identifier: MIT OR GPL-2.0-only */
/* Families of generic netlink that have a group and no commands, for sys.rs. */
#include <linux/module.h>
#include <linux/nsproxy.h>
#include <linux/slab.h>
#include <net/genetlink.h>
#include <net/net_namespace.h>
#include "../lunatik/later.h"
#include "shim.h"

static uint channels = 64;
module_param(channels, uint, 0644);
MODULE_PARM_DESC(channels, "how many channels all scripts together may have (default 64)");

struct luanetlink_family {
	struct genl_family family;
	struct genl_multicast_group group;
	struct net *net;
	struct llist_node node;
};

static atomic_t count = ATOMIC_INIT(0);

/* Taking a family off sleeps. */
static void release(struct llist_node *node)
{
	struct luanetlink_family *family = container_of(node, struct luanetlink_family, node);

	genl_unregister_family(&family->family);
	put_net(family->net);
	kfree(family);
	atomic_dec(&count);
}
DEFINE_LATER(released, release);

void luanetlink_release(struct luanetlink_family *family)
{
	later_end(&released, &family->node);
}

/* Sleeps until what was released before is taken off. */
void luanetlink_settle(void)
{
	later_settle(&released);
}

/* A family of this name, whose group's members in the task's network namespace get what is sent. */
int luanetlink_new(const void *name, size_t length, struct luanetlink_family **made)
{
	struct luanetlink_family *family;
	int error;

	if (!length || length >= sizeof(family->family.name) || memchr(name, 0, length))
		return -EINVAL;
	/* The name may be that of one on its way out. */
	luanetlink_settle();
	if (atomic_inc_return(&count) > READ_ONCE(channels)) {
		atomic_dec(&count);
		return -ENOSPC;
	}
	family = kzalloc(sizeof(*family), GFP_KERNEL_ACCOUNT);
	if (!family) {
		atomic_dec(&count);
		return -ENOMEM;
	}
	memcpy(family->family.name, name, length);
	strscpy(family->group.name, "lunatik");
	/* A hook pays the same however many listen. */
	family->group.flags = GENL_MCAST_CAP_NET_ADMIN;
	family->family.version = 1;
	family->family.netnsok = true;
	family->family.module = THIS_MODULE;
	family->family.mcgrps = &family->group;
	family->family.n_mcgrps = 1;
	error = genl_register_family(&family->family);
	if (error) {
		kfree(family);
		atomic_dec(&count);
		return error;
	}
	family->net = get_net(current->nsproxy->net_ns);
	*made = family;
	return 0;
}

/* A message to a port, or to the group if that is 0: whether anybody gets it, or -ENOMEM or -EMSGSIZE. */
int luanetlink_send(struct luanetlink_family *family, u32 port, u8 command, const void *payload, size_t length,
		    bool atomic)
{
	gfp_t gfp = (atomic ? GFP_ATOMIC : GFP_KERNEL) | __GFP_NOWARN;
	struct sk_buff *skb = genlmsg_new(length, gfp);
	void *header;

	if (!skb)
		return -ENOMEM;
	header = genlmsg_put(skb, 0, 0, &family->family, 0, command);
	if (!header || skb_tailroom(skb) < length) {
		nlmsg_free(skb);
		return -EMSGSIZE;
	}
	skb_put_data(skb, payload, length);
	genlmsg_end(skb, header);
	if (port)
		return genlmsg_unicast(family->net, skb, port) >= 0;
	return genlmsg_multicast_netns(&family->family, family->net, skb, 0, 0, gfp) >= 0;
}
