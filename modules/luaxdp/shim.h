/* SPDX-License-Identifier: MIT OR GPL-2.0-only */
/* The two sides of luaxdp.ko. */
#ifndef LUAXDP_SHIM_H
#define LUAXDP_SHIM_H

#include <linux/if.h>
#include <linux/types.h>

struct bpf_link;
struct xdp_buff;

int luaxdp_register(void);
void luaxdp_lock(void);
void luaxdp_unlock(void);

/* The packet of a call; errors are negative errnos. */
int luaxdp_adjust_head(struct xdp_buff *xdp, int delta);
int luaxdp_adjust_tail(struct xdp_buff *xdp, int delta);
bool luaxdp_fragmented(const struct xdp_buff *xdp);
size_t luaxdp_length(const struct xdp_buff *xdp);
u32 luaxdp_ifindex(const struct xdp_buff *xdp);
u32 luaxdp_queue(const struct xdp_buff *xdp);
bool luaxdp_for_us(const struct xdp_buff *xdp);
int luaxdp_redirect(const struct xdp_buff *xdp, u32 ifindex);
u64 luaxdp_time(void);

/* What a route depends on, and what it says. Addresses and ports are in network byte order;
 * an address of IPv4 is in the first four bytes. */
struct luaxdp_flow {
	u8 source[16], destination[16];
	__be32 label; /* version 6: the header's first word, without the version */
	u32 length;
	__be16 source_port, destination_port;
	u8 version, protocol, tos;
	/* results */
	u8 to[6], from[6];
	u32 ifindex, mtu;
};
/* BPF_FIB_LKUP_RET_*: 0 is a route with a known neighbour. */
int luaxdp_route(const struct xdp_buff *xdp, struct luaxdp_flow *flow);

/* Links. */
struct luaxdp_where {
	u32 ifindex, mode;
	bool here; /* in the namespace of the calling task */
	char name[IFNAMSIZ];
};
int luaxdp_link_get(int fd, struct bpf_link **link);
bool luaxdp_link_where(const struct bpf_link *link, struct luaxdp_where *where);
void luaxdp_link_end(struct bpf_link *link);
void luaxdp_link_put(struct bpf_link *link);

/* calls.rs */
int luaxdp_run(const char *key, size_t size, struct xdp_buff *xdp, void *argument, size_t argument_size);
int luaxdp_handle(struct xdp_buff *xdp, u64 id);

#endif
