/* SPDX-License-Identifier: MIT OR GPL-2.0-only */
/* The options of a socket: those of its script, and those that would let bytes pass by it. */
#include <linux/capability.h>
#include <linux/in6.h>
#include <linux/sockptr.h>
#include <linux/tcp.h>
#include <linux/uaccess.h>
#include <net/tcp.h>
#include "shim.h"

#define SOL_LUA	999
/* See luaulp_main.rs, which knows the others, too. */
#define LOADSCRIPT	1
#define PROBLEM	7
/* The longest value, which is the text of a script. */
#define LIMIT	((size_t)64 * 1024)

/* A script's text, and what it may require, reach further than sockets do. */
bool luaulp_may_grant(void)
{
	return capable(CAP_SYS_ADMIN);
}

static int set(struct socket *sock, int option, sockptr_t value, unsigned int size)
{
	struct luaulp *ulp = luaulp_of(sock->sk);
	char *bytes;
	int error;

	if (!capable(CAP_NET_ADMIN))
		return -EPERM;
	/* A script that sets options of its sockets would give another what it does not have itself. */
	if (sockptr_is_kernel(value) || !ulp)
		return -EOPNOTSUPP;
	if (size > LIMIT)
		return -EMSGSIZE;
	bytes = kvmalloc(size + 1, GFP_KERNEL_ACCOUNT);
	if (!bytes)
		return -ENOMEM;
	error = copy_from_sockptr(bytes, value, size) ? -EFAULT : luaulp_filter_set(ulp->filter, option, bytes, size);
	kvfree(bytes);
	if (!error && option == LOADSCRIPT && sock->sk->sk_state == TCP_LISTEN)
		luaulp_filter_fill(ulp->filter, READ_ONCE(sock->sk->sk_max_ack_backlog));
	return error;
}

static bool is_detour(int level, int option)
{
	return (level == SOL_TCP && (option == TCP_REPAIR || option == TCP_FASTOPEN_CONNECT)) ||
	       (level == SOL_IPV6 && option == IPV6_ADDRFORM);
}

int luaulp_setsockopt(struct socket *sock, int level, int option, sockptr_t value, unsigned int size)
{
	if (level == SOL_LUA)
		return set(sock, option, value, size);
	if (is_detour(level, option))
		return -EOPNOTSUPP;
	return luaulp_base(sock->sk)->setsockopt(sock, level, option, value, size);
}

/* The text of what went wrong, cut if there is no room for it; programs find its length in `*size`. */
static int problem(struct luaulp *ulp, char __user *value, int __user *size)
{
	ssize_t length;
	char *text = NULL;
	int room;

	if (get_user(room, size))
		return -EFAULT;
	if (room < 0)
		return -EINVAL;
	length = luaulp_filter_problem(ulp->filter, &text);
	if (length < 0)
		return length;
	room = min_t(size_t, room, length);
	length = copy_to_user(value, text, room) || put_user(room, size) ? -EFAULT : 0;
	kvfree(text);
	return length;
}

int luaulp_getsockopt(struct socket *sock, int level, int option, char __user *value, int __user *size)
{
	struct luaulp *ulp = luaulp_of(sock->sk);

	if (level == SOL_LUA)
		return ulp && option == PROBLEM ? problem(ulp, value, size) : -ENOPROTOOPT;
	/* It maps what was received. */
	if (level == SOL_TCP && option == TCP_ZEROCOPY_RECEIVE)
		return -EOPNOTSUPP;
	return luaulp_base(sock->sk)->getsockopt(sock, level, option, value, size);
}
