/* SPDX-License-Identifier: MIT OR GPL-2.0-only */
/* The parts of luaulp.ko. */
#ifndef LUAULP_SHIM_H
#define LUAULP_SHIM_H

#include <linux/cred.h>
#include <linux/mutex.h>
#include <linux/net.h>
#include <linux/rcupdate.h>
#include <linux/workqueue.h>
#include <net/inet_connection_sock.h>
#include <net/sock.h>

/* What a script sees at a time. */
#define LUAULP_CHUNK	((size_t)16 * 1024)

struct luaulp_bytes {
	char *bytes;
	size_t at, size;
};

/* One task at a time does something. */
struct luaulp_turn {
	struct mutex lock;
	/* Another did not wait for its turn, and is to hear that it may try again. */
	bool missed;
};

/* What a socket has of this protocol, from TCP_ULP, or from accept(2), until it is destroyed. */
struct luaulp {
	/* Rust's: what a listener and its connections share, and, once its script was asked, the connection. */
	void *filter, *connection;
	struct luaulp_turn receiving, sending;
	/* One task at a time asks the script, in its turn. */
	struct mutex asking;
	/* What was received and the script was not asked about yet; what it let through. */
	struct luaulp_bytes raw, ready;
	/* The script knows that nothing more comes. */
	bool finished;
	/* The script refused the connection, or failed. */
	bool refused;
	/* Of who gave the socket, or its listener, the protocol: with these the script hears that it is over. */
	const struct cred *cred;
	struct rcu_work closing;
};

/* The socket is the caller's, so that it keeps what it has. NULL: there was no memory for it. */
static inline struct luaulp *luaulp_of(const struct sock *sk)
{
	return (struct luaulp *)rcu_access_pointer(inet_csk(sk)->icsk_ulp_data);
}

/* The functions of a script, and what one says; negative: the call fails so, and the bytes are gone. */
enum { LUAULP_RECEIVE, LUAULP_SEND, LUAULP_FINISH };
enum { LUAULP_UNCHANGED, LUAULP_REPLACED, LUAULP_RESET, LUAULP_INTERRUPTED };

/* shim.c */
int luaulp_register(void);
void luaulp_unregister(void);
unsigned int luaulp_states(void);
const struct proto_ops *luaulp_base(const struct sock *sk);
/* Whether it is known which script it is; until then a socket is as any other. */
bool luaulp_is_set(const struct luaulp *ulp);
/* Asks the script: what it says, with its bytes in place of those given if it replaced them. */
int luaulp_judge(struct luaulp *ulp, int function, struct luaulp_bytes *bytes);
/* The script refuses the connection: what the call that learns of it fails with. */
int luaulp_refuse(struct sock *sk, struct luaulp *ulp);
int luaulp_begin(struct luaulp_turn *turn, int flags);
/* Whether another missed its turn meanwhile. */
bool luaulp_end(struct luaulp_turn *turn);

/* options.c */
/* Whether the calling task may give a script what it cannot do itself. */
bool luaulp_may_grant(void);
int luaulp_setsockopt(struct socket *sock, int level, int option, sockptr_t value, unsigned int size);
int luaulp_getsockopt(struct socket *sock, int level, int option, char __user *value, int __user *size);

/* receive.c */
int luaulp_receive(struct socket *sock, struct msghdr *message, size_t size, int flags);
__poll_t luaulp_poll(struct file *file, struct socket *sock, struct poll_table_struct *wait);
int luaulp_ioctl(struct socket *sock, unsigned int command, unsigned long argument);

/* send.c */
int luaulp_send(struct socket *sock, struct msghdr *message, size_t size);

/* sys.rs: filters; status */
void *luaulp_filter_new(void);
void *luaulp_filter_share(void *filter);
void luaulp_filter_drop(void *filter);
bool luaulp_filter_is_set(void *filter);
int luaulp_filter_set(void *filter, int option, const char *value, size_t size);
/* Makes ready for so many connections. */
void luaulp_filter_fill(void *filter, unsigned int connections);
/* What went wrong last: kvmalloc'ed text, also if it is empty, and its length. */
ssize_t luaulp_filter_problem(void *filter, char **text);
/* `*replaced` is kvmalloc'ed, or NULL if it is empty. */
int luaulp_filter_ask(void *filter, void **connection, int function, const char *bytes, size_t size,
		      char **replaced, size_t *length);
void luaulp_connection_drop(void *connection);

#endif
