// SPDX-License-Identifier: MIT OR GPL-2.0-only
// Constants of Linux as a C compiler has them.
// libc first: what it has, Linux leaves out.
#include <netinet/in.h>

#include <linux/bpf.h>
#include <linux/if_ether.h>
#include <linux/netfilter.h>
#include <linux/netlink.h>
#include <linux/nl80211.h>
#include <linux/rtnetlink.h>
#include <signal.h>
#include <stdio.h>
#include <sys/socket.h>

#define SHOW(module, prefix, name) printf(module ":" #name " %lld\n", (long long)prefix##name);

int main(void)
{
	SHOW("signal", SIG, HUP) SHOW("signal", SIG, KILL) SHOW("signal", SIG, USR1) SHOW("signal", SIG, CHLD)
	SHOW("socket.af", AF_, UNIX) SHOW("socket.af", AF_, INET) SHOW("socket.af", AF_, INET6)
	SHOW("socket.af", AF_, NETLINK) SHOW("socket.af", AF_, PACKET)
	SHOW("socket.sock", SOCK_, STREAM) SHOW("socket.sock", SOCK_, DGRAM) SHOW("socket.sock", SOCK_, NONBLOCK)
	SHOW("socket.ipproto", IPPROTO_, TCP) SHOW("socket.ipproto", IPPROTO_, UDP) SHOW("socket.ipproto", IPPROTO_, ICMPV6)
	SHOW("socket.msg", MSG_, PEEK) SHOW("socket.msg", MSG_, DONTWAIT) SHOW("socket.msg", MSG_, WAITALL)
	SHOW("socket.so", SO_, REUSEADDR) SHOW("socket.so", SO_, BROADCAST) SHOW("socket.sol", SOL_, SOCKET)
	SHOW("eth", ETH_P_, IP) SHOW("eth", ETH_P_, IPV6) SHOW("eth", ETH_P_, ARP) SHOW("eth", ETH_P_, 8021Q)
	SHOW("nf.inet", NF_INET_, PRE_ROUTING) SHOW("nf.inet", NF_INET_, LOCAL_OUT) SHOW("nf.inet", NF_INET_, POST_ROUTING)
	SHOW("nf.proto", NFPROTO_, IPV4) SHOW("nf.proto", NFPROTO_, IPV6) SHOW("nf.proto", NFPROTO_, BRIDGE)
	SHOW("nf.action", NF_, DROP) SHOW("nf.action", NF_, ACCEPT) SHOW("nf.action", NF_, QUEUE)
	SHOW("xdp", XDP_, DROP) SHOW("xdp", XDP_, PASS) SHOW("xdp", XDP_, TX) SHOW("xdp", XDP_, REDIRECT)
	SHOW("netlink.flag", NLM_F_, REQUEST) SHOW("netlink.flag", NLM_F_, DUMP) SHOW("netlink.proto", NETLINK_, GENERIC)
	SHOW("rtnetlink.rtm", RTM_, NEWLINK) SHOW("rtnetlink.rtm", RTM_, GETROUTE) SHOW("rtnetlink.rta", RTA_, GATEWAY)
	SHOW("nl80211.cmd", NL80211_CMD_, GET_WIPHY) SHOW("nl80211.iftype", NL80211_IFTYPE_, AP)
	return 0;
}
