/* SPDX-License-Identifier: MIT OR GPL-2.0-only */
/*
 * The upper layer protocol "lua" of TCP, for sys.rs.
 *
 * What a socket does differently hangs on the operations of its `struct socket`, which each way in goes through;
 * TCP's own, in `sk_prot`, stay as they are. A connection gets what is its own when the handshake ends, in softirq,
 * and has its operations when it is accepted, by a call that has waited since before the listener had this protocol,
 * too: until then its `sk_prot` tells when it gets its `struct socket`.
 */
#include <linux/capability.h>
#include <linux/module.h>
#include <linux/slab.h>
#include <net/tcp.h>
#include "shim.h"

static uint states = 16;
module_param(states, uint, 0644);
MODULE_PARM_DESC(states, "Lua states of a listener at most, which its connections share (default 16)");

static struct tcp_ulp_ops protocol;
static struct workqueue_struct *workers;

/* The operations of TCP's sockets as they are, by family, and what becomes of them. */
static struct family {
	int family;
	const struct proto_ops *base;
	struct proto *proto;
	struct proto_ops ops;
	/* Of a connection that nobody has accepted yet. */
	struct proto orphan;
} families[] = { { .family = AF_INET }, { .family = AF_INET6 } };

static struct family *family_of(const struct sock *sk)
{
	return &families[sk->sk_family == AF_INET6];
}

const struct proto_ops *luaulp_base(const struct sock *sk)
{
	return family_of(sk)->base;
}

unsigned int luaulp_states(void)
{
	return clamp(READ_ONCE(states), 1U, 1024U);
}

bool luaulp_is_set(const struct luaulp *ulp)
{
	return luaulp_filter_is_set(ulp->filter);
}

int luaulp_begin(struct luaulp_turn *turn, int flags)
{
	if (!(flags & MSG_DONTWAIT))
		return mutex_lock_interruptible(&turn->lock) ? -ERESTARTSYS : 0;
	if (mutex_trylock(&turn->lock))
		return 0;
	/* Before the other look: who has the turn either sees this when he ends it, or has ended it already. */
	smp_store_mb(turn->missed, true);
	return mutex_trylock(&turn->lock) ? 0 : -EAGAIN;
}

bool luaulp_end(struct luaulp_turn *turn)
{
	mutex_unlock(&turn->lock);
	/* After it is free. */
	smp_mb();
	return READ_ONCE(turn->missed) && xchg(&turn->missed, false);
}

int luaulp_judge(struct luaulp *ulp, int function, struct luaulp_bytes *bytes)
{
	struct luaulp_bytes answer = {};
	int verdict;

	if (mutex_lock_killable(&ulp->asking))
		return LUAULP_INTERRUPTED;
	verdict = luaulp_filter_ask(ulp->filter, &ulp->connection, function, bytes->bytes, bytes->size,
				    &answer.bytes, &answer.size);
	mutex_unlock(&ulp->asking);
	if (verdict == LUAULP_REPLACED) {
		kvfree(bytes->bytes);
		*bytes = answer;
	}
	return verdict;
}

int luaulp_refuse(struct sock *sk, struct luaulp *ulp)
{
	WRITE_ONCE(ulp->refused, true);
	tcp_abort(sk, ECONNREFUSED);
	return sock_error(sk) ? : -ECONNREFUSED;
}

static void end(struct work_struct *work)
{
	struct luaulp *ulp = container_of(to_rcu_work(work), struct luaulp, closing);
	const struct cred *worker = override_creds(ulp->cred);

	luaulp_connection_drop(ulp->connection);
	luaulp_filter_drop(ulp->filter);
	revert_creds(worker);
	put_cred(ulp->cred);
	kvfree(ulp->raw.bytes);
	kvfree(ulp->ready.bytes);
	kfree(ulp);
	/* What is left of this is over when the workqueue is gone. */
	module_put(THIS_MODULE);
}

/* The filter is the socket's if there is one. */
static struct luaulp *make(void *filter, const struct cred *cred, gfp_t flags)
{
	struct luaulp *ulp = kzalloc(sizeof(*ulp), flags);

	if (!ulp)
		return NULL;
	mutex_init(&ulp->receiving.lock);
	mutex_init(&ulp->sending.lock);
	mutex_init(&ulp->asking);
	INIT_RCU_WORK(&ulp->closing, end);
	ulp->filter = filter;
	ulp->cred = get_cred(cred);
	return ulp;
}

/* With the socket locked. It may listen already: who is on his way meanwhile has no such protocol, see accept(). */
static int init(struct sock *sk)
{
	const struct tcp_sock *tp = tcp_sk(sk);
	struct family *family = family_of(sk);
	struct luaulp *ulp;
	void *filter;

	if (!capable(CAP_NET_ADMIN))
		return -EPERM;
	/* One whose operations are somebody else's already, or whose bytes go another way. */
	if (sk->sk_prot != family->proto || !sk->sk_socket || sk->sk_socket->ops != family->base)
		return -EOPNOTSUPP;
	if (tp->repair || tp->fastopen_connect)
		return -EINVAL;
	filter = luaulp_filter_new();
	ulp = filter ? make(filter, current_cred(), GFP_KERNEL_ACCOUNT) : NULL;
	if (!ulp) {
		if (filter)
			luaulp_filter_drop(filter);
		return -ENOMEM;
	}
	rcu_assign_pointer(inet_csk(sk)->icsk_ulp_data, ulp);
	WRITE_ONCE(sk->sk_socket->ops, &family->ops);
	return 0;
}

/*
 * A connection is there, in softirq. It has the listener's pointers, whose memory stays until this is over, also if
 * the listener is being closed.
 */
static void clone(const struct request_sock *req, struct sock *sk, const gfp_t priority)
{
	struct inet_connection_sock *icsk = inet_csk(sk);
	const struct luaulp *listener = luaulp_of(sk);
	struct luaulp *ulp = NULL;

	/* If it is on its way out, nobody will ever accept this. */
	if (!try_module_get(THIS_MODULE)) {
		icsk->icsk_ulp_ops = NULL;
	} else {
		if (listener)
			ulp = make(NULL, listener->cred, priority);
		if (ulp)
			ulp->filter = luaulp_filter_share(listener->filter);
		WRITE_ONCE(sk->sk_prot, &family_of(sk)->orphan);
	}
	rcu_assign_pointer(icsk->icsk_ulp_data, ulp);
}

/* Of an orphan: whoever locked it lets go of it. Who accepts it has given it a `struct socket` before. */
static void release_cb(struct sock *sk)
{
	struct family *family = family_of(sk);

	if (sk->sk_socket) {
		WRITE_ONCE(sk->sk_socket->ops, &family->ops);
		WRITE_ONCE(sk->sk_prot, family->proto);
	}
	family->proto->release_cb(sk);
}

/* The socket is being destroyed, perhaps in softirq; the caller gives up the module afterwards. */
static void release(struct sock *sk)
{
	struct luaulp *ulp = luaulp_of(sk);

	rcu_assign_pointer(inet_csk(sk)->icsk_ulp_data, NULL);
	/* It outlives this module. */
	if (sk->sk_prot == &family_of(sk)->orphan)
		WRITE_ONCE(sk->sk_prot, family_of(sk)->proto);
	if (ulp) {
		/* The script is told that the connection is over, which may take a while. */
		__module_get(THIS_MODULE);
		queue_rcu_work(workers, &ulp->closing);
	}
}

static struct tcp_ulp_ops protocol = {
	.name = "lua",
	.owner = THIS_MODULE,
	.init = init,
	.clone = clone,
	.release = release,
};

static int listen(struct socket *sock, int backlog)
{
	struct luaulp *ulp = luaulp_of(sock->sk);

	/* Before the first connection, so that none waits for a script to load. */
	if (ulp)
		luaulp_filter_fill(ulp->filter, max(backlog, 0));
	return luaulp_base(sock->sk)->listen(sock, backlog);
}

static int accept(struct socket *sock, struct socket *accepted, struct proto_accept_arg *argument)
{
	int error = luaulp_base(sock->sk)->accept(sock, accepted, argument);
	struct sock *sk = accepted->sk;

	if (error)
		return error;
	if (inet_csk(sk)->icsk_ulp_ops != &protocol)
		/* The handshake ended before its listener had this protocol. */
		WRITE_ONCE(accepted->ops, luaulp_base(sk));
	else if (!luaulp_of(sk))
		/* There was no memory for what would filter it. */
		tcp_abort(sk, ECONNABORTED);
	return 0;
}

static int connect(struct socket *sock, struct sockaddr *address, int size, int flags)
{
	struct luaulp *ulp = luaulp_of(sock->sk);

	/* What the script knows is of this connection, not of the next. */
	if (size >= sizeof(address->sa_family) && address->sa_family == AF_UNSPEC &&
	    sock->sk->sk_state != TCP_LISTEN && (!ulp || luaulp_is_set(ulp)))
		return -EOPNOTSUPP;
	if (sock->state == SS_UNCONNECTED && ulp && READ_ONCE(ulp->finished))
		return -EOPNOTSUPP;
	return luaulp_base(sock->sk)->connect(sock, address, size, flags);
}

/* Learns from a socket what TCP's are. */
static int learn(struct family *family)
{
	struct socket *sock;
	int error = sock_create_kern(&init_net, family->family, SOCK_STREAM, IPPROTO_TCP, &sock);

	/* Without IPv6 there is nothing to learn, and no socket to set options of. */
	if (error)
		return error == -EAFNOSUPPORT ? 0 : error;
	family->base = sock->ops;
	family->proto = sock->sk->sk_prot;
	family->ops = *sock->ops;
	family->orphan = *family->proto;
	family->orphan.release_cb = release_cb;
	sock_release(sock);
	family->ops.listen = listen;
	family->ops.accept = accept;
	family->ops.connect = connect;
	family->ops.setsockopt = luaulp_setsockopt;
	family->ops.getsockopt = luaulp_getsockopt;
	family->ops.recvmsg = luaulp_receive;
	family->ops.sendmsg = luaulp_send;
	family->ops.poll = luaulp_poll;
	family->ops.ioctl = luaulp_ioctl;
	/* Without these the kernel copies, through recvmsg and sendmsg, or does without. */
	family->ops.mmap = sock_no_mmap;
	family->ops.splice_read = NULL;
	family->ops.set_peek_off = NULL;
	family->ops.read_sock = NULL;
	family->ops.read_skb = NULL;
	family->ops.sendmsg_locked = NULL;
	family->ops.peek_len = NULL;
	return 0;
}

int luaulp_register(void)
{
	int error = 0, at;

	for (at = 0; !error && at < ARRAY_SIZE(families); at++)
		error = learn(&families[at]);
	if (error)
		return error;
	/* Whoever is told that a connection is over may have to wait for a script. */
	workers = alloc_workqueue("luaulp", WQ_UNBOUND, 0);
	if (!workers)
		return -ENOMEM;
	error = tcp_register_ulp(&protocol);
	if (error)
		destroy_workqueue(workers);
	return error;
}

void luaulp_unregister(void)
{
	tcp_unregister_ulp(&protocol);
	/* What was released goes to the workers after a grace period. */
	rcu_barrier();
	destroy_workqueue(workers);
}

MODULE_ALIAS_TCP_ULP("lua");
