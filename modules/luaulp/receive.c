/* SPDX-License-Identifier: MIT OR GPL-2.0-only */
/*
 * What a socket receives. Bytes come from TCP a chunk at a time, go through the script, and wait here for whoever
 * reads them: so to peek, or to read byte by byte, asks nobody twice.
 */
#include <asm/ioctls.h>
#include <linux/poll.h>
#include <linux/sockios.h>
#include <linux/uaccess.h>
#include <linux/uio.h>
#include <net/tcp.h>
#include "shim.h"

/* What a call may say. Urgent bytes would come outside of the stream. */
#define FLAGS	(MSG_PEEK | MSG_TRUNC | MSG_DONTWAIT | MSG_WAITALL | MSG_NOSIGNAL | MSG_ERRQUEUE | \
		 MSG_CMSG_CLOEXEC | MSG_CMSG_COMPAT)
/* A script that keeps all it gets back does so this often before it is somebody else's turn. */
#define TURNS	64

static size_t left(const struct luaulp *ulp)
{
	return READ_ONCE(ulp->ready.size) - READ_ONCE(ulp->ready.at);
}

/* Whether there is something here that TCP does not have any more. */
static bool has_some(const struct luaulp *ulp)
{
	return left(ulp) || READ_ONCE(ulp->raw.bytes);
}

/* Whether there is for who comes now: what the script is being asked about belongs to who asks. */
static bool is_readable(struct luaulp *ulp)
{
	return left(ulp) || (READ_ONCE(ulp->raw.bytes) && !mutex_is_locked(&ulp->receiving.lock));
}

/* The next chunk that TCP has: its size, 0 at the end, or -EAGAIN. */
static int take(struct socket *sock, struct luaulp_bytes *raw)
{
	struct kvec place = { .iov_len = LUAULP_CHUNK };
	struct msghdr message = {};
	int count;

	place.iov_base = kvmalloc(LUAULP_CHUNK, GFP_KERNEL_ACCOUNT);
	if (!place.iov_base)
		return -ENOMEM;
	iov_iter_kvec(&message.msg_iter, ITER_DEST, &place, 1, LUAULP_CHUNK);
	count = luaulp_base(sock->sk)->recvmsg(sock, &message, LUAULP_CHUNK, MSG_DONTWAIT);
	if (count > 0) {
		raw->size = count;
		WRITE_ONCE(raw->bytes, place.iov_base);
	} else {
		kvfree(place.iov_base);
	}
	return count;
}

/* Has the script judge what came, or hear that nothing more does. How much is ready now; -EAGAIN: nothing yet. */
static int judge(struct sock *sk, struct luaulp *ulp, int function)
{
	struct luaulp_bytes bytes = ulp->raw;
	int verdict = luaulp_judge(ulp, function, &bytes);

	if (verdict == LUAULP_INTERRUPTED)
		return -EINTR;
	WRITE_ONCE(ulp->raw.bytes, NULL);
	ulp->raw.size = 0;
	if (function == LUAULP_FINISH)
		ulp->finished = true;
	if (verdict == LUAULP_UNCHANGED || verdict == LUAULP_REPLACED) {
		if (!bytes.size) {
			kvfree(bytes.bytes);
			return function == LUAULP_FINISH ? 0 : -EAGAIN;
		}
		ulp->ready.bytes = bytes.bytes;
		WRITE_ONCE(ulp->ready.at, 0);
		WRITE_ONCE(ulp->ready.size, bytes.size);
		return bytes.size;
	}
	kvfree(bytes.bytes);
	return verdict == LUAULP_RESET ? luaulp_refuse(sk, ulp) : verdict;
}

/* With `receiving` locked: how much there is to read now, 0 at the end, or -EAGAIN if there is nothing yet. */
static int fill(struct socket *sock, struct luaulp *ulp)
{
	struct sock *sk = sock->sk;
	int turn, count;

	for (turn = 0; turn < TURNS; turn++) {
		if (READ_ONCE(ulp->refused))
			return -ECONNREFUSED;
		if (left(ulp))
			return left(ulp);
		if (!ulp->raw.bytes) {
			count = take(sock, &ulp->raw);
			if (count < 0 || (!count && ulp->finished))
				return count;
		}
		count = judge(sk, ulp, ulp->raw.bytes ? LUAULP_RECEIVE : LUAULP_FINISH);
		if (count != -EAGAIN)
			return count;
		if (signal_pending(current))
			break;
		cond_resched();
	}
	/* There may be more, which nobody would tell a program of that waits for what is new only. */
	sk->sk_data_ready(sk);
	return -EAGAIN;
}

/* Hands out what is ready; how much, or -EFAULT. `*rest`: there is more of what others have not seen yet. */
static int hand_out(struct luaulp *ulp, struct msghdr *message, size_t size, int flags, bool *rest)
{
	struct luaulp_bytes *ready = &ulp->ready;
	size_t count = min(size, left(ulp));
	bool fresh = !ready->at;

	if (!(flags & MSG_TRUNC)) {
		size_t copied = copy_to_iter(ready->bytes + ready->at, count, &message->msg_iter);

		if (!copied)
			return -EFAULT;
		count = copied;
	}
	if (!(flags & MSG_PEEK))
		WRITE_ONCE(ready->at, ready->at + count);
	*rest = fresh && left(ulp);
	if (!left(ulp)) {
		kvfree(ready->bytes);
		ready->bytes = NULL;
	}
	return count;
}

/* Waits until there may be something, in TCP or here. */
static int await(struct sock *sk, struct luaulp *ulp, long *timeout)
{
	DEFINE_WAIT_FUNC(wait, woken_wake_function);
	int ready;

	if (!*timeout)
		return -EAGAIN;
	if (signal_pending(current))
		return sock_intr_errno(*timeout);
	lock_sock(sk);
	add_wait_queue(sk_sleep(sk), &wait);
	sk_set_bit(SOCKWQ_ASYNC_WAITDATA, sk);
	ready = sk_wait_event(sk, timeout,
			      has_some(ulp) || !skb_queue_empty_lockless(&sk->sk_receive_queue) || READ_ONCE(sk->sk_err) ||
			      (READ_ONCE(sk->sk_shutdown) & RCV_SHUTDOWN) || sk->sk_state == TCP_CLOSE, &wait);
	sk_clear_bit(SOCKWQ_ASYNC_WAITDATA, sk);
	remove_wait_queue(sk_sleep(sk), &wait);
	release_sock(sk);
	return ready < 0 ? ready : 0;
}

int luaulp_receive(struct socket *sock, struct msghdr *message, size_t size, int flags)
{
	struct sock *sk = sock->sk;
	struct luaulp *ulp = luaulp_of(sk);
	size_t done = 0, wanted;
	int count = 0;
	long timeout;

	if (!ulp)
		return -ECONNABORTED;
	if (!luaulp_is_set(ulp) || (flags & MSG_ERRQUEUE))
		return luaulp_base(sk)->recvmsg(sock, message, size, flags);
	if (flags & ~FLAGS)
		return -EOPNOTSUPP;
	message->msg_namelen = 0;
	timeout = sock_rcvtimeo(sk, flags & MSG_DONTWAIT);
	wanted = flags & MSG_PEEK ? 1 : sock_rcvlowat(sk, flags & MSG_WAITALL, size);
	while (done < size) {
		bool rest = false;

		count = luaulp_begin(&ulp->receiving, flags);
		if (count)
			break;
		count = fill(sock, ulp);
		if (count > 0)
			count = hand_out(ulp, message, size - done, flags, &rest);
		/* TCP has told the others when the bytes were not ready yet, and will not tell them again. */
		if (luaulp_end(&ulp->receiving) || rest || (count == -EINTR && has_some(ulp)))
			sk->sk_data_ready(sk);
		if (count > 0)
			done += count;
		else if (count == -EAGAIN && done < wanted)
			count = await(sk, ulp, &timeout);
		else
			break;
		if (count < 0 || done >= wanted)
			break;
	}
	return done ? done : count;
}

__poll_t luaulp_poll(struct file *file, struct socket *sock, struct poll_table_struct *wait)
{
	__poll_t events = luaulp_base(sock->sk)->poll(file, sock, wait);
	struct luaulp *ulp = luaulp_of(sock->sk);

	return ulp && is_readable(ulp) ? events | EPOLLIN | EPOLLRDNORM : events;
}

int luaulp_ioctl(struct socket *sock, unsigned int command, unsigned long argument)
{
	struct luaulp *ulp = luaulp_of(sock->sk);

	/* What TCP has is not what can be read. */
	if (command == SIOCINQ && ulp && left(ulp))
		return put_user((int)left(ulp), (int __user *)argument);
	return luaulp_base(sock->sk)->ioctl(sock, command, argument);
}
