/* SPDX-License-Identifier: MIT OR GPL-2.0-only */
/* XDP, for luaxdp_main.rs: the functions that eBPF programs call, the packet, links. */
#include <linux/bpf.h>
#include <linux/btf.h>
#include <linux/btf_ids.h>
#include <linux/etherdevice.h>
#include <linux/filter.h>
#include <linux/module.h>
#include <linux/mutex.h>
#include <linux/nsproxy.h>
#include <linux/rtnetlink.h>
#include <linux/timekeeping.h>
#include <net/net_namespace.h>
#include <net/xdp.h>
#include "shim.h"

MODULE_IMPORT_NS(BPF_INTERNAL);

/* Rust reads where the packet is by itself. */
static_assert(offsetof(struct xdp_buff, data) == 0);
static_assert(offsetof(struct xdp_buff, data_end) == sizeof(void *));

__bpf_kfunc_start_defs();

/* As in Lunatik 4.4: the action that the script named by the key gives, or -1. */
__bpf_kfunc int bpf_luaxdp_run(char *key, size_t key__sz, struct xdp_md *ctx, void *arg, size_t arg__sz)
{
	return luaxdp_run(key, key__sz, (struct xdp_buff *)ctx, arg, arg__sz);
}

/* The action for the packet, whatever happens: for the program that `lunatik xdp` emits. */
__bpf_kfunc int bpf_lunatik_xdp(struct xdp_md *ctx, u64 id)
{
	return luaxdp_handle((struct xdp_buff *)ctx, id);
}

__bpf_kfunc_end_defs();

BTF_KFUNCS_START(functions)
BTF_ID_FLAGS(func, bpf_luaxdp_run)
BTF_ID_FLAGS(func, bpf_lunatik_xdp)
BTF_KFUNCS_END(functions)

static const struct btf_kfunc_id_set set = { .owner = THIS_MODULE, .set = &functions };

int luaxdp_register(void)
{
	return register_btf_kfunc_id_set(BPF_PROG_TYPE_XDP, &set);
}

static DEFINE_MUTEX(registry);

void luaxdp_lock(void)
{
	mutex_lock(&registry);
}

void luaxdp_unlock(void)
{
	mutex_unlock(&registry);
}

/* The kernel's helpers of these names are for eBPF only; the checks are theirs. */
int luaxdp_adjust_head(struct xdp_buff *xdp, int delta)
{
	unsigned long metadata = xdp_data_meta_unsupported(xdp) ? 0 : xdp->data - xdp->data_meta;
	void *first = xdp->data_hard_start + sizeof(struct xdp_frame) + metadata;
	void *data = xdp->data + delta;

	if (data < first || data > xdp->data_end - ETH_HLEN)
		return -EINVAL;
	if (metadata)
		memmove(xdp->data_meta + delta, xdp->data_meta, metadata);
	xdp->data_meta += delta;
	xdp->data = data;
	return 0;
}

int luaxdp_adjust_tail(struct xdp_buff *xdp, int delta)
{
	void *end = xdp->data_end + delta;

	/* The end of several buffers is in none that we show. */
	if (xdp_buff_has_frags(xdp))
		return -EOPNOTSUPP;
	if (end > xdp_data_hard_end(xdp) || end < xdp->data + ETH_HLEN)
		return -EINVAL;
	if (delta > 0)
		memset(xdp->data_end, 0, delta);
	xdp->data_end = end;
	return 0;
}

bool luaxdp_fragmented(const struct xdp_buff *xdp)
{
	return xdp_buff_has_frags(xdp);
}

size_t luaxdp_length(const struct xdp_buff *xdp)
{
	return xdp_get_buff_len(xdp);
}

u32 luaxdp_ifindex(const struct xdp_buff *xdp)
{
	return xdp->rxq->dev->ifindex;
}

u32 luaxdp_queue(const struct xdp_buff *xdp)
{
	return xdp->rxq->queue_index;
}

/* Whether the link-layer address is the interface's. */
bool luaxdp_for_us(const struct xdp_buff *xdp)
{
	return xdp->data_end - xdp->data >= ETH_HLEN && ether_addr_equal(xdp->data, xdp->rxq->dev->dev_addr);
}

/*
 * Where XDP_REDIRECT goes: as bpf_redirect(), but to no interface that does not exist, and from native mode to none
 * whose driver takes no frames, which would be lost.
 */
int luaxdp_redirect(const struct xdp_buff *xdp, u32 ifindex)
{
	const struct net_device *in = xdp->rxq->dev, *out = dev_get_by_index_rcu(dev_net(in), ifindex);
	struct bpf_redirect_info *info;

	if (!bpf_net_ctx_get() || !out)
		return -ENODEV;
	if (!rcu_access_pointer(in->xdp_prog) && !(out->xdp_features & NETDEV_XDP_ACT_NDO_XMIT))
		return -EOPNOTSUPP;
	info = bpf_net_ctx_get_ri();
	info->tgt_index = ifindex;
	info->map_id = INT_MAX;
	info->map_type = BPF_MAP_TYPE_UNSPEC;
	return 0;
}

u64 luaxdp_time(void)
{
	return ktime_get_mono_fast_ns();
}

/* The XDP link behind a file descriptor of the calling task. */
int luaxdp_link_get(int fd, struct bpf_link **link)
{
	*link = bpf_link_get_from_fd(fd);
	if (IS_ERR(*link))
		return PTR_ERR(*link);
	if ((*link)->type == BPF_LINK_TYPE_XDP)
		return 0;
	bpf_link_put(*link);
	return -EINVAL;
}

/*
 * Where a link is attached, and whether it is. A link says the number of its interface, which
 * means something in one namespace only; interfaces say their links.
 */
bool luaxdp_link_where(const struct bpf_link *link, struct luaxdp_where *where)
{
	struct net_device *dev;
	bool found = false;
	struct net *net;
	u32 mode;

	rtnl_lock();
	rcu_read_lock();
	for_each_net_rcu(net) {
		for_each_netdev_rcu(net, dev) {
			for (mode = 0; mode < __MAX_XDP_MODE; mode++) {
				/* The kernel's own structure begins with the link. */
				if ((const void *)dev->xdp_state[mode].link != link)
					continue;
				found = true;
				where->ifindex = dev->ifindex;
				where->mode = mode;
				where->here = net_eq(net, current->nsproxy->net_ns);
				strscpy(where->name, dev->name, IFNAMSIZ);
			}
		}
	}
	rcu_read_unlock();
	rtnl_unlock();
	return found;
}

/* The program leaves the interface at once, whoever else holds the link. */
void luaxdp_link_end(struct bpf_link *link)
{
	if (link->ops->detach)
		link->ops->detach(link);
	bpf_link_put(link);
}

void luaxdp_link_put(struct bpf_link *link)
{
	bpf_link_put(link);
}
