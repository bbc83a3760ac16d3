// SPDX-License-Identifier: MIT OR GPL-2.0-only
// Where the fields of some structures lie, and what they are when their bytes are 1, 2, 3, ...
#include <linux/genetlink.h>
#include <linux/if_addr.h>
#include <linux/netlink.h>
#include <linux/rtnetlink.h>
#include <stddef.h>
#include <stdio.h>

static unsigned char bytes[64];

#define PLACE(type, field) printf(" " #field ":%zu:%zu", offsetof(struct type, field), sizeof(((struct type *)0)->field));
#define VALUE(type, field) printf("%s%lld", separator, (long long)((struct type *)bytes)->field), separator = " ";
#define SHOW(type, FIELDS) do { \
	const char *separator = ""; \
	printf(#type " %zu", sizeof(struct type)); \
	FIELDS(PLACE, type) \
	puts(""); \
	FIELDS(VALUE, type) \
	puts(""); \
} while (0)

#define NLMSGHDR(f, t) f(t, nlmsg_len) f(t, nlmsg_type) f(t, nlmsg_flags) f(t, nlmsg_seq) f(t, nlmsg_pid)
#define NLATTR(f, t) f(t, nla_len) f(t, nla_type)
#define GENLMSGHDR(f, t) f(t, cmd) f(t, version) f(t, reserved)
#define RTMSG(f, t) f(t, rtm_family) f(t, rtm_dst_len) f(t, rtm_src_len) f(t, rtm_tos) f(t, rtm_table) \
	f(t, rtm_protocol) f(t, rtm_scope) f(t, rtm_type) f(t, rtm_flags)
#define IFINFOMSG(f, t) f(t, ifi_family) f(t, ifi_type) f(t, ifi_index) f(t, ifi_flags) f(t, ifi_change)
#define IFADDRMSG(f, t) f(t, ifa_family) f(t, ifa_prefixlen) f(t, ifa_flags) f(t, ifa_scope) f(t, ifa_index)

int main(void)
{
	for (unsigned int i = 0; i < sizeof(bytes); i++)
		bytes[i] = i + 1;
	SHOW(nlmsghdr, NLMSGHDR);
	SHOW(nlattr, NLATTR);
	SHOW(genlmsghdr, GENLMSGHDR);
	SHOW(rtmsg, RTMSG);
	SHOW(ifinfomsg, IFINFOMSG);
	SHOW(ifaddrmsg, IFADDRMSG);
	return 0;
}
