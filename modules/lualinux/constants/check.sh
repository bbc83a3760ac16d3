#!/bin/sh
# SPDX-License-Identifier: MIT OR GPL-2.0-only
# Holds generated modules against numbers that are fixed for ever: check.sh OUT
set -eu
is() { grep -qF "[\"$2\"] = $3," "$out/$1.lua" || { echo "check.sh: $1: $2 is not $3" >&2; exit 1; }; }
out=$1
is eth IP 2048
is eth IPV6 34525
is nf/action DROP 0
is nf/action ACCEPT 1
is nf/proto IPV6 10
is nf/inet FORWARD 2
is nf/ip/pri FILTER 0
is nf/ip/pri FIRST -2147483648
is nf/ip6/pri NAT_DST -100
is nf/br FORWARD 2
is nf/ct/info ESTABLISHED 0
is nf/ct/status ASSURED 4
is socket/af INET6 10
is socket/ipproto UDP 17
is socket/sock DGRAM 2
is netlink/flag REQUEST 1
is signal KILL 9
is xdp PASS 2
is stat IFREG 32768
has() { grep -qF "$2" "$out/$1.lua" || { echo "check.sh: $1: no '$2'" >&2; exit 1; }; }
has netlink/layout 'name = "nlmsg_type", offset = 4, size = 2, signed = false'
has netlink/layout 'name = "error", offset = 0, size = 4, signed = true'
has netlink '["layout"] = require("linux.netlink.layout"),'
has nf '["ip"] = require("linux.nf.ip"),'
if grep -q PRI "$out/nf/br.lua"; then echo "check.sh: nf/br: has what 'not' excludes" >&2; exit 1; fi
