/* SPDX-License-Identifier: MIT OR GPL-2.0-only */
/*
 * What becomes of one frame at the hooks of netfilter, for tests: /dev/judge takes a frame and answers at once.
 *
 * The frame arrives at the device `in`, as if it came from there, and the kernel's stack looks at it. If it lets it
 * through to the first hook, it goes past PRE_ROUTING, FORWARD and POST_ROUTING, whatever the routes are, and no further.
 *
 * Written: how many bytes of the frame are in the linear part of the buffer, whether connection tracking follows it,
 * and whether it arrives at `out` and would leave by `in`, of 32 bits each in the CPU's order; the frame. Or the word
 * "forget", which ends all flows.
 * Read: a byte, the verdict; how many bytes the frame has now, of 32 bits, none unless it was accepted, and these;
 * the same for each frame that left by a device meanwhile.
 */
#include <linux/etherdevice.h>
#include <linux/fs.h>
#include <linux/miscdevice.h>
#include <linux/module.h>
#include <linux/mutex.h>
#include <linux/netdevice.h>
#include <linux/netfilter.h>
#include <linux/skbuff.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <linux/uaccess.h>
#include <net/net_namespace.h>
#include <net/netfilter/nf_conntrack.h>

static char *in = "left", *out = "right";
module_param(in, charp, 0444);
MODULE_PARM_DESC(in, "the device by which frames arrive");
module_param(out, charp, 0444);
MODULE_PARM_DESC(out, "the device by which they would leave");

/* As NF_*; and one for what reaches no hook. */
#define UNSEEN 255

#define LONGEST 2048
#define ROOM 65536

struct head {
	u32 linear;
	u32 track;
	u32 back;
};

static const char forget[] = "forget";

/* One frame is judged at a time, on one CPU. */
static DEFINE_MUTEX(lock);
static struct net_device *arrival, *departure;
static struct sk_buff *judged;
static bool seen;
static int cpu = -1;
static bool full;

/* What is read, and what left meanwhile. */
static struct text {
	size_t length;
	u8 bytes[ROOM];
} answer, sent;

static void tell(struct text *text, const void *bytes, size_t size)
{
	if (size > ROOM - text->length) {
		full = true;
		return;
	}
	memcpy(text->bytes + text->length, bytes, size);
	text->length += size;
}

static void tell_frame(struct text *text, const struct sk_buff *skb, int offset)
{
	u32 size = skb->len - offset;

	tell(text, &size, sizeof(size));
	if (size > ROOM - text->length || skb_copy_bits(skb, offset, text->bytes + text->length, size))
		full = true;
	else
		text->length += size;
}

/* The frame is as far as the first hook. */
static unsigned int arrives(void *data, struct sk_buff *skb, const struct nf_hook_state *state)
{
	if (skb != judged || seen)
		return NF_ACCEPT;
	seen = true;
	return NF_STOLEN;
}

static const struct nf_hook_ops hooks[] = {
	{ .hook = arrives, .pf = NFPROTO_IPV4, .hooknum = NF_INET_PRE_ROUTING, .priority = INT_MIN },
	{ .hook = arrives, .pf = NFPROTO_IPV6, .hooknum = NF_INET_PRE_ROUTING, .priority = INT_MIN },
};

static int leaves(struct sk_buff *skb, struct net_device *device, struct packet_type *type, struct net_device *original)
{
	if (skb->pkt_type == PACKET_OUTGOING && READ_ONCE(cpu) == smp_processor_id())
		tell_frame(&sent, skb, 0);
	consume_skb(skb);
	return NET_RX_SUCCESS;
}

static struct packet_type tap = { .type = htons(ETH_P_ALL), .func = leaves };

static int passes(struct net *net, struct sock *sk, struct sk_buff *skb)
{
	return 0;
}

/* Bottom halves are off. */
static u8 walk(struct sk_buff *skb, const struct head *head)
{
	static const u8 points[] = { NF_INET_PRE_ROUTING, NF_INET_FORWARD, NF_INET_POST_ROUTING };
	u8 family = skb->protocol == htons(ETH_P_IP) ? NFPROTO_IPV4 : NFPROTO_IPV6;
	struct net_device *comes = head->back ? departure : arrival, *goes = head->back ? arrival : departure;
	size_t at;

	if (!head->track)
		nf_ct_set(skb, NULL, IP_CT_UNTRACKED);
	for (at = 0; at < ARRAY_SIZE(points); at++) {
		struct net_device *from = at < 2 ? comes : NULL, *to = at > 0 ? goes : NULL;
		int status = nf_hook(family, points[at], &init_net, NULL, skb, from, to, passes);

		if (status != 1)
			return status < 0 ? NF_DROP : NF_STOLEN;
	}
	return NF_ACCEPT;
}

/* Bottom halves are off, so that all of it is on one CPU. */
static void ask(struct sk_buff *skb, const struct head *head)
{
	u8 verdict = UNSEEN;
	u32 none = 0;

	answer.length = sent.length = 0;
	full = seen = false;
	judged = skb;
	WRITE_ONCE(cpu, smp_processor_id());
	netif_receive_skb(skb);
	if (seen)
		verdict = walk(skb, head);
	WRITE_ONCE(cpu, -1);
	judged = NULL;

	tell(&answer, &verdict, sizeof(verdict));
	if (verdict == NF_ACCEPT) {
		tell_frame(&answer, skb, -(int)skb_mac_header_len(skb));
		kfree_skb(skb);
	} else {
		tell(&answer, &none, sizeof(none));
	}
	tell(&answer, sent.bytes, sent.length);
}

static struct sk_buff *make(const u8 *frame, size_t size, const struct head *head)
{
	int error;
	struct sk_buff *skb;
	size_t linear = clamp_t(size_t, head->linear, ETH_HLEN, size);

	skb = alloc_skb_with_frags(NET_SKB_PAD + NET_IP_ALIGN + linear, size - linear, 0, &error, GFP_KERNEL);
	if (!skb)
		return NULL;
	skb_reserve(skb, NET_SKB_PAD + NET_IP_ALIGN);
	skb_put(skb, linear);
	skb->data_len = size - linear;
	skb->len = size;
	if (skb_store_bits(skb, 0, frame, size)) {
		kfree_skb(skb);
		return NULL;
	}
	skb->protocol = eth_type_trans(skb, head->back ? departure : arrival);
	return skb;
}

static int any(struct nf_conn *flow, void *data)
{
	return 1;
}

static ssize_t judge(struct file *file, const char __user *from, size_t size, loff_t *at)
{
	struct head head;
	struct sk_buff *skb;
	ssize_t status = size;
	u8 *frame;

	if (size == strlen(forget)) {
		struct nf_ct_iter_data all = { .net = &init_net };

		if (copy_from_user(&head, from, size))
			return -EFAULT;
		if (memcmp(&head, forget, size))
			return -EINVAL;
		nf_ct_iterate_cleanup_net(any, &all);
		return size;
	}
	if (size < sizeof(head) + ETH_HLEN || size > sizeof(head) + LONGEST)
		return -EINVAL;
	if (copy_from_user(&head, from, sizeof(head)))
		return -EFAULT;
	frame = memdup_user(from + sizeof(head), size - sizeof(head));
	if (IS_ERR(frame))
		return PTR_ERR(frame);
	mutex_lock(&lock);
	skb = make(frame, size - sizeof(head), &head);
	if (skb) {
		local_bh_disable();
		ask(skb, &head);
		local_bh_enable();
	}
	if (!skb)
		status = -ENOMEM;
	else if (full)
		status = -ENOSPC;
	mutex_unlock(&lock);
	kfree(frame);
	return status;
}

static ssize_t answers(struct file *file, char __user *to, size_t size, loff_t *at)
{
	ssize_t status;

	mutex_lock(&lock);
	status = min(size, answer.length);
	if (copy_to_user(to, answer.bytes, status))
		status = -EFAULT;
	mutex_unlock(&lock);
	return status;
}

static const struct file_operations operations = {
	.owner = THIS_MODULE,
	.read = answers,
	.write = judge,
};

static struct miscdevice device = { .minor = MISC_DYNAMIC_MINOR, .name = "judge", .fops = &operations };

static int __init judge_init(void)
{
	int error = -ENODEV;

	arrival = dev_get_by_name(&init_net, in);
	departure = dev_get_by_name(&init_net, out);
	if (!arrival || !departure)
		goto put;
	error = nf_ct_netns_get(&init_net, NFPROTO_INET);
	if (error)
		goto put;
	error = nf_register_net_hooks(&init_net, hooks, ARRAY_SIZE(hooks));
	if (error)
		goto ignore;
	error = misc_register(&device);
	if (error)
		goto unregister;
	dev_add_pack(&tap);
	return 0;

unregister:
	nf_unregister_net_hooks(&init_net, hooks, ARRAY_SIZE(hooks));
ignore:
	nf_ct_netns_put(&init_net, NFPROTO_INET);
put:
	dev_put(departure);
	dev_put(arrival);
	return error;
}
module_init(judge_init);

static void __exit judge_exit(void)
{
	dev_remove_pack(&tap);
	misc_deregister(&device);
	nf_unregister_net_hooks(&init_net, hooks, ARRAY_SIZE(hooks));
	nf_ct_netns_put(&init_net, NFPROTO_INET);
	dev_put(departure);
	dev_put(arrival);
}
module_exit(judge_exit);

MODULE_DESCRIPTION("What becomes of a frame at the hooks of netfilter");
MODULE_LICENSE("Dual MIT/GPL");
