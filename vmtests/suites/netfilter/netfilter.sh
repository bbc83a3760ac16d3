# SPDX-License-Identifier: MIT OR GPL-2.0-only
# Packets and what hooks make of them, in namespaces that have no firewall; nftables and conntrack look on.
. ../library.sh
plan 7
own=tests/netfilter
namespace left
namespace right
wire left right
stopped $own/{drops,points,marks,rewrites,tracks,decides,fails}
entries seen sevens states source asked
answers() { inside "${2:-left}" ping -q -c "${3:-1}" -i 0.1 -W 5 "$1"; }
silent() { fails "*100% packet loss*" inside left ping -q -c 1 -W 1 "$1"; }
# hears PORT TEXT: what a socket of the right hears when the left sends it.
hears() {
  timeout 10 nsenter --net=/run/netns/right socat -u "UDP4-RECV:$1" - > "$scratch/heard" 2> /dev/null &
  local ears=$!
  soon inside right grep -q "$(printf ':%04X ' "$1")" /proc/net/udp
  printf %s "$2" | inside left socat -t 0 - "UDP4-SENDTO:10.9.0.2:$1"
  sleep 0.3
  kill $ears
  cat "$scratch/heard"
}

drops() {
  answers 127.0.0.2
  inside left lunatik run $own/drops softirq
  silent 127.0.0.2
  answers 127.0.0.3
  lunatik stop $own/drops
  answers 127.0.0.2
  inside right lunatik run $own/drops softirq
  is "" hears 9999 text
  is text hears 9990 text
  answers 127.0.0.2
  lunatik stop $own/drops
  is text hears 9999 text
}
point drops "what a hook drops is lost in its namespace, until its script stops"

points() {
  inside right lunatik run $own/points softirq
  answers 10.9.0.2 left 3
  answers fd00:9::2 left 2
  answers fd00:9::1 right 1
  local seen
  lua 'lines, seen = {}, require("lunatik")._ENV.seen' \
    'require("rcu").map(seen, function(key, n) lines[#lines + 1] = key .. " " .. n end)'
  seen=$(lua 'table.concat(lines, "\n")' | sort)
  [ "$seen" = "IPV4 LOCAL_IN request 3
IPV4 LOCAL_OUT reply 3
IPV4 POST_ROUTING reply 3
IPV4 PRE_ROUTING request 3
IPV6 LOCAL_IN reply 1
IPV6 LOCAL_IN request 2
IPV6 LOCAL_OUT reply 2
IPV6 LOCAL_OUT request 1
IPV6 POST_ROUTING reply 2
IPV6 POST_ROUTING request 1
IPV6 PRE_ROUTING reply 1
IPV6 PRE_ROUTING request 2" ] || die "seen: $seen"
  lunatik stop $own/points
}
point points "packets of both families come by the points of their way, once each"

marks() {
  inside left nft 'add table ip t; add chain ip t c { type filter hook output priority 50; };
    add rule ip t c meta mark 7 counter; add rule ip t c meta mark 8 drop'
  inside left lunatik run $own/marks softirq
  answers 127.0.0.7 left 2
  silent 127.0.0.8
  answers 127.0.0.9
  has "*meta mark 0x00000007 counter packets 2 *" inside left nft list chain ip t c
  is 2 shared sevens
  lunatik stop $own/marks
  inside left nft delete table ip t
  answers 127.0.0.8
}
point marks "a mark that a hook gives is seen by nftables, and picks the packets of another hook"

rewrites() {
  inside left lunatik run $own/rewrites softirq
  is "dog!" hears 9998 cat
  is "cow" hears 9998 cow
  lunatik stop $own/rewrites
  is "cat" hears 9998 cat
}
point rewrites "a packet that a hook makes another, and longer, arrives so, with its checksums"

tracks() {
  inside right lunatik run $own/tracks softirq
  inside right socat UDP4-RECVFROM:9997 EXEC:cat &
  soon inside right grep -q :270D /proc/net/udp
  printf hello | inside left timeout 10 socat -t 2 - UDP4:10.9.0.2:9997,sourceport=9000 > "$scratch/echo"
  is hello cat "$scratch/echo"
  is "new " shared states
  is 9000 shared source
  has "*sport=9000 dport=9997*mark=9997*" inside right conntrack -L -p udp
  lunatik stop $own/tracks
}
point tracks "a hook sees flows, and marks them as conntrack lists them"

decides() {
  inside right lunatik run $own/decides softirq
  answers 10.9.0.2 left 10
  is 1 shared asked
  answers 10.9.0.2 left 2
  is 2 shared asked
  lunatik stop $own/decides
}
point decides "a hook is asked once about a flow that it decides"

quarantine() {
  inside left lunatik run $own/fails softirq --faults 3 --fail drop
  silent 127.0.0.1
  silent 127.0.0.1
  silent 127.0.0.1
  has "*$own/fails softirq * 3 run quarantined*" lua 'status()'
  silent 127.0.0.1
  is "" lunatik resume $own/fails
  silent 127.0.0.1
  has "*$own/fails softirq * 4 run running*" lua 'status()'
  is "it was not in quarantine" lunatik resume $own/fails
  has "*fails.lua:8: on purpose*" lunatik status
  lunatik stop $own/fails
  answers 127.0.0.1
}
point quarantine "a hook that fails gives its fail verdict, and is put in quarantine"
