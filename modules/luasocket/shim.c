/* SPDX-License-Identifier: MIT OR GPL-2.0-only */
/*
 * The kernel's sockets, for sys.rs. They are those of user space, each behind a file without a descriptor:
 * the file keeps the network namespace and says whose privileges count, as netlink asks of it.
 *
 * Nothing sleeps in a protocol, which would listen to signals only: every call is one that does not wait, and
 * who waits does so here.
 */
#include <linux/file.h>
#include <linux/if_packet.h>
#include <linux/jiffies.h>
#include <linux/module.h>
#include <linux/mutex.h>
#include <linux/net.h>
#include <linux/poll.h>
#include <linux/sched/signal.h>
#include <linux/slab.h>
#include <net/sock.h>
#include "../lunatik/later.h"
#include "shim.h"

static uint sockets = 1024;
module_param(sockets, uint, 0644);
MODULE_PARM_DESC(sockets, "how many sockets all scripts together may have (default 1024)");

/* How many connections a queue holds that wait to be accepted, at most. */
#define BACKLOG		128

/* What a socket of frames may join in its life. */
#define MEMBERSHIPS	64

struct luasocket {
	struct file *file;
	struct llist_node node;
	atomic_t memberships;
	/* The places of `count` that it has for who waits to be accepted, under `listening`. */
	int queue;
	bool closed;
};

/* Places: of sockets, and of connections that may wait to become some. */
static atomic_t count = ATOMIC_INIT(0);
static DEFINE_MUTEX(listening);

/* Closing a socket sleeps. */
static void release(struct llist_node *node)
{
	struct luasocket *socket = container_of(node, struct luasocket, node);
	int places = 1 + socket->queue;

	__fput_sync(socket->file);
	kfree(socket);
	atomic_sub(places, &count);
}
DEFINE_LATER(released, release);

void luasocket_release(struct luasocket *socket)
{
	later_end(&released, &socket->node);
}

/* Sleeps until what was released before is closed. */
void luasocket_settle(void)
{
	later_settle(&released);
}

static bool reserve(int places)
{
	if (atomic_add_return(places, &count) <= READ_ONCE(sockets))
		return true;
	atomic_sub(places, &count);
	return false;
}

/* Takes the socket over, and a place of `count`. */
static int wrap(struct socket *sock, struct luasocket **made)
{
	struct luasocket *socket = kmalloc(sizeof(*socket), GFP_KERNEL_ACCOUNT);
	struct file *file;

	if (!socket) {
		sock_release(sock);
		atomic_dec(&count);
		return -ENOMEM;
	}
	/* If there is none, it has released the socket. */
	file = sock_alloc_file(sock, 0, NULL);
	if (IS_ERR(file)) {
		kfree(socket);
		atomic_dec(&count);
		return PTR_ERR(file);
	}
	socket->file = file;
	atomic_set(&socket->memberships, 0);
	socket->queue = 0;
	socket->closed = false;
	*made = socket;
	return 0;
}

/* Places, perhaps some of a socket that is on its way out. */
static int reserve_settled(int places)
{
	if (reserve(places))
		return 0;
	luasocket_settle();
	return reserve(places) ? 0 : -EMFILE;
}

int luasocket_new(int family, int type, int protocol, struct luasocket **made)
{
	struct socket *sock;
	int error;

	switch (family) {
	case AF_INET:
	case AF_INET6:
	case AF_NETLINK:
	case AF_PACKET:
	case AF_UNIX:
		break;
	default:
		return -EAFNOSUPPORT;
	}
	error = reserve_settled(1);
	if (error)
		return error;
	error = sock_create(family, type, protocol, &sock);
	if (error) {
		atomic_dec(&count);
		return error;
	}
	return wrap(sock, made);
}

static struct socket *of(const struct luasocket *socket)
{
	return sock_from_file(socket->file);
}

int luasocket_family(const struct luasocket *socket)
{
	return of(socket)->ops->family;
}

/* Nobody begins to wait from here on, and who waits is woken. */
void luasocket_hang_up(struct luasocket *socket)
{
	WRITE_ONCE(socket->closed, true);
	/* Who waits looks at `closed` after it has queued itself. */
	smp_mb();
	wake_up_interruptible_all(&of(socket)->wq.wait);
}

static bool ready(struct luasocket *socket, __poll_t events)
{
	struct socket *sock = of(socket);

	return READ_ONCE(sock->ops)->poll(socket->file, sock, NULL) & (events | EPOLLERR | EPOLLHUP);
}

static bool ended(struct luasocket *socket)
{
	return READ_ONCE(socket->closed) || lunatik_leaving();
}

/* Waits after a call that would have, for `*left` ticks at most, which it counts down. */
static int await(struct luasocket *socket, __poll_t events, long *left)
{
	struct wait_queue_head *queue = &of(socket)->wq.wait;
	long turn = *left, rest;

	if (!turn)
		return -EAGAIN;
	/* Some call again for what no event tells: room in the queue of another, for one. */
	if (ready(socket, events)) {
		turn = 1;
		rest = wait_event_interruptible_timeout(*queue, ended(socket), turn);
	} else {
		rest = wait_event_interruptible_timeout(*queue, ready(socket, events) || ended(socket), turn);
	}
	if (READ_ONCE(socket->closed))
		return -EBADF;
	if (rest < 0 || lunatik_leaving())
		return -EINTR;
	if (*left != MAX_SCHEDULE_TIMEOUT)
		*left -= turn - rest;
	return 0;
}

int luasocket_bind(struct luasocket *socket, const void *address, int length)
{
	return kernel_bind(of(socket), (struct sockaddr *)address, length);
}

/* Who waits to be accepted is a socket already. A queue that gets shorter keeps its places: they may be taken. */
static int listen(struct luasocket *socket, int backlog)
{
	/* The kernel lets one more wait. */
	int missing = max(backlog + 1 - socket->queue, 0);
	int error = missing ? reserve_settled(missing) : 0;

	if (error)
		return error;
	error = kernel_listen(of(socket), backlog);
	if (error)
		atomic_sub(missing, &count);
	else
		socket->queue += missing;
	return error;
}

int luasocket_listen(struct luasocket *socket, int backlog)
{
	unsigned int most = min(READ_ONCE(sock_net(of(socket)->sk)->core.sysctl_somaxconn), BACKLOG);
	int error;

	mutex_lock(&listening);
	error = listen(socket, min_t(unsigned int, backlog, most));
	mutex_unlock(&listening);
	return error;
}

int luasocket_accept(struct luasocket *socket, bool wait, struct luasocket **made)
{
	long left = sock_rcvtimeo(of(socket)->sk, !wait);
	struct socket *sock;
	int error = reserve_settled(1);

	if (error)
		return error;
	for (;;) {
		error = kernel_accept(of(socket), &sock, O_NONBLOCK);
		if (!error)
			return wrap(sock, made);
		if (error == -EAGAIN)
			error = await(socket, EPOLLIN, &left);
		if (error) {
			atomic_dec(&count);
			return error;
		}
	}
}

int luasocket_connect(struct luasocket *socket, const void *address, int length, bool wait)
{
	long left = sock_sndtimeo(of(socket)->sk, !wait);
	int first = 0, error, waited;

	for (;;) {
		error = kernel_connect(of(socket), (struct sockaddr *)address, length, O_NONBLOCK);
		if (error != -EINPROGRESS && error != -EALREADY && error != -EAGAIN)
			return error;
		/* Later ones fail with EALREADY, which says nothing of the call. */
		first = first ? : error;
		waited = await(socket, EPOLLOUT, &left);
		if (waited)
			return waited == -EAGAIN ? first : waited;
	}
}

static bool is_stream(struct luasocket *socket)
{
	return of(socket)->type == SOCK_STREAM;
}

/* All of a stream's bytes, or a message. Broken pipes are errors, not signals. */
int luasocket_send(struct luasocket *socket, const void *bytes, size_t size, const void *address, int length)
{
	long left = sock_sndtimeo(of(socket)->sk, false);
	size_t done = 0;
	int result;

	do {
		struct msghdr message = { .msg_flags = MSG_DONTWAIT | MSG_NOSIGNAL };
		struct kvec rest = { (void *)bytes + done, size - done };

		if (address) {
			message.msg_name = (void *)address;
			message.msg_namelen = length;
		}
		result = kernel_sendmsg(of(socket), &message, &rest, 1, rest.iov_len);
		if (result == -EAGAIN)
			result = await(socket, EPOLLOUT, &left);
		else if (result >= 0 && !is_stream(socket))
			return result;
		if (result < 0)
			return done ? done : result;
		done += result;
	} while (done < size);
	return done;
}

/* `from` has room for a struct sockaddr_storage; `*length` is 0 if nobody is named. */
int luasocket_receive(struct luasocket *socket, void *to, size_t room, unsigned int flags, void *from, int *length)
{
	bool all = is_stream(socket) && (flags & MSG_WAITALL) && !(flags & MSG_PEEK);
	long left = sock_rcvtimeo(of(socket)->sk, flags & MSG_DONTWAIT);
	size_t done = 0;
	int result;

	flags = (flags & ~MSG_WAITALL) | MSG_DONTWAIT;
	for (;;) {
		struct msghdr message = { .msg_name = from };
		struct kvec rest = { to + done, room - done };

		result = kernel_recvmsg(of(socket), &message, &rest, 1, rest.iov_len, flags);
		if (result == -EAGAIN) {
			result = await(socket, EPOLLIN | EPOLLRDHUP, &left);
			if (!result)
				continue;
		}
		if (result < 0)
			return done ? done : result;
		*length = message.msg_namelen;
		/* With MSG_TRUNC it says how much there was. */
		done += min_t(size_t, result, rest.iov_len);
		if (!all || !result || done == room)
			return done;
	}
}

/* `address` has room for a struct sockaddr_storage. Returns its length. */
int luasocket_name(struct luasocket *socket, bool peer, void *address)
{
	return peer ? kernel_getpeername(of(socket), address) : kernel_getsockname(of(socket), address);
}

/* What would wait at the end of a socket, take memory without a bound, or follow a pointer of user space. */
static bool is_refused(int level, int option, const void *value, size_t size)
{
	switch (level) {
	case SOL_SOCKET:
		switch (option) {
		case SO_LINGER:
			return size >= sizeof(struct linger) && ((const struct linger *)value)->l_onoff &&
			       ((const struct linger *)value)->l_linger;
		case SO_RCVBUFFORCE:
		case SO_SNDBUFFORCE:
		case SO_ATTACH_FILTER:
		case SO_ATTACH_REUSEPORT_CBPF:
		case SO_RESERVE_MEM:
			return true;
		}
		return false;
	case SOL_PACKET:
		return option == PACKET_RX_RING || option == PACKET_TX_RING || option == PACKET_FANOUT_DATA;
	/* from 64 on, those of iptables and its like */
	case SOL_IP:
		return option >= 64 && option < 200;
	case SOL_IPV6:
		return option == 64 || option == 65;
	}
	return false;
}

int luasocket_set(struct luasocket *socket, int level, int option, const void *value, size_t size)
{
	if (is_refused(level, option, value, size))
		return -EOPNOTSUPP;
	/* The kernel goes through them one by one, and counts them nowhere. */
	if (level == SOL_PACKET && option == PACKET_ADD_MEMBERSHIP &&
	    atomic_inc_return(&socket->memberships) > MEMBERSHIPS)
		return -ENOBUFS;
	return do_sock_setsockopt(of(socket), false, level, option, KERNEL_SOCKPTR((void *)value), size);
}
