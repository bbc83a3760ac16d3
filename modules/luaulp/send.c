/* SPDX-License-Identifier: MIT OR GPL-2.0-only */
/*
 * What a socket sends. There is room before the script is asked, and what it says goes out whole: none of it waits
 * for a program to call again, which never may.
 */
#include <linux/uio.h>
#include <net/tcp.h>
#include "shim.h"

/* What a call may say; what is not here would open a connection, or leave the stream. Pages that are spliced are
 * copied. */
#define FLAGS	(MSG_DONTWAIT | MSG_NOSIGNAL | MSG_MORE | MSG_EOR | MSG_CONFIRM | MSG_DONTROUTE | MSG_WAITALL | \
		 MSG_ZEROCOPY | MSG_SPLICE_PAGES | MSG_NO_SHARED_FRAGS | MSG_BATCH | MSG_CMSG_COMPAT)

/* Waits until TCP takes more, as long as the socket's own call would. */
static int make_room(struct sock *sk, long *timeout)
{
	int error = 0;

	lock_sock(sk);
	if ((1 << sk->sk_state) & ~(TCPF_ESTABLISHED | TCPF_CLOSE_WAIT))
		error = sk_stream_wait_connect(sk, timeout);
	if (!error && (sk->sk_err || (sk->sk_shutdown & SEND_SHUTDOWN)))
		error = -EPIPE;
	if (!error && !sk_stream_memory_free(sk))
		error = sk_stream_wait_memory(sk, timeout);
	release_sock(sk);
	return error;
}

/* Hands bytes to TCP, all of them: beyond the socket's buffer by as much as a script may say at a time. */
static int push(struct sock *sk, struct luaulp *ulp, const struct luaulp_bytes *bytes, int flags)
{
	struct kvec from = { bytes->bytes, bytes->size };
	struct msghdr message = { .msg_flags = MSG_DONTWAIT | MSG_NOSIGNAL | (flags & MSG_MORE) };
	struct tcp_sock *tp = tcp_sk(sk);
	u32 unsent;
	int room, sent;

	if (!bytes->size)
		return 0;
	iov_iter_kvec(&message.msg_iter, ITER_SOURCE, &from, 1, bytes->size);
	lock_sock(sk);
	room = sk->sk_sndbuf;
	unsent = tp->notsent_lowat;
	WRITE_ONCE(sk->sk_sndbuf, INT_MAX / 2);
	WRITE_ONCE(tp->notsent_lowat, UINT_MAX);
	sent = tcp_sendmsg_locked(sk, &message, bytes->size);
	WRITE_ONCE(sk->sk_sndbuf, room);
	WRITE_ONCE(tp->notsent_lowat, unsent);
	release_sock(sk);
	if (sent == bytes->size)
		return 0;
	if (sent < 0 && sent != -EAGAIN && sent != -ENOMEM)
		return sent;
	/* The kernel is out of memory, and the script has said already what is missing in the stream. */
	luaulp_refuse(sk, ulp);
	return -ENOBUFS;
}

/* A chunk on its way through the script. */
static int pass(struct sock *sk, struct luaulp *ulp, struct luaulp_bytes *bytes, int flags)
{
	int verdict = READ_ONCE(ulp->refused) ? -EPIPE : luaulp_judge(ulp, LUAULP_SEND, bytes);

	switch (verdict) {
	case LUAULP_UNCHANGED:
	case LUAULP_REPLACED:
		return push(sk, ulp, bytes, flags);
	case LUAULP_RESET:
		return luaulp_refuse(sk, ulp);
	case LUAULP_INTERRUPTED:
		return -EINTR;
	default:
		return verdict;
	}
}

/* The next of what the program says; its size. */
static int take(struct msghdr *message, struct luaulp_bytes *chunk)
{
	chunk->size = min(msg_data_left(message), LUAULP_CHUNK);
	chunk->bytes = kvmalloc(chunk->size, GFP_KERNEL_ACCOUNT);
	if (!chunk->bytes)
		return -ENOMEM;
	return copy_from_iter_full(chunk->bytes, chunk->size, &message->msg_iter) ? chunk->size : -EFAULT;
}

int luaulp_send(struct socket *sock, struct msghdr *message, size_t size)
{
	int flags = message->msg_flags, error = 0, count = 0;
	struct sock *sk = sock->sk;
	struct luaulp *ulp = luaulp_of(sk);
	size_t done = 0;
	long timeout;

	if (!ulp)
		return -ECONNABORTED;
	if (!luaulp_is_set(ulp))
		return luaulp_base(sk)->sendmsg(sock, message, size);
	if ((flags & ~FLAGS) || ((flags & MSG_ZEROCOPY) && sock_flag(sk, SOCK_ZEROCOPY)))
		return -EOPNOTSUPP;
	timeout = sock_sndtimeo(sk, flags & MSG_DONTWAIT);
	error = luaulp_begin(&ulp->sending, flags);
	if (error)
		return error;
	while (!error && msg_data_left(message)) {
		struct luaulp_bytes chunk = {};

		error = make_room(sk, &timeout);
		if (error)
			break;
		count = take(message, &chunk);
		error = count < 0 ? count : pass(sk, ulp, &chunk, flags);
		kvfree(chunk.bytes);
		if (!error)
			done += count;
	}
	if (luaulp_end(&ulp->sending))
		sk->sk_write_space(sk);
	if (done || !error)
		return done;
	return sk_stream_error(sk, flags, error);
}
