# SPDX-License-Identifier: MIT OR GPL-2.0-only
# A verdict that holds for a flow: its packets are not asked about again.
. /decisions.sh

# A flow that began before anybody had labels is asked about each time.
nft -f - <<END
table inet firewall {
  chain forward { type filter hook forward priority filter; ct state invalid drop; }
}
END
flow old 10.9.0.1 1001
send old 1
for turn in $(seq 100); do
  ! conntrack -L -p udp --dport 1001 2> /dev/null | grep -q 1001 || break
  usleep 50000
done
insmod_all luadata luaskb luanetfilter
for script in first passed; do gives "" "run('$script', 'softirq')"; done
send old 3
awaits 3 "passed 1001"
awaits 3 "first asked 1001"
ends old
nft flush ruleset

for address in 10.9.0.1 fd00:9::1; do
  asks 1 $address 1001 5 # accepted at its first packet, when it is not in the table yet
  asks 2 $address 1002 1 # dropped at its second
done
asks 5 10.9.0.1 1003 5 # undecided
asks 5 10.9.0.1 1004 5 # a call that fails decides nothing: the fail verdict, each time
asks 5 10.9.0.1 1005 0 # a flow whose first packet is dropped never begins
asks 5 10.9.0.1 1006 5 # what cannot be decided
asks 2 10.9.0.1 1007 4 # the second packet is dropped, and the flow accepted
logged 5 "first refused true: .*skb:decide: 3 cannot hold for a flow: ACCEPT or DROP"
logged 0 "not what was set"

# Both directions of a TCP connection share a decision.
at right httpd -p 1001
for server in 10.2.0.2 '[fd00:2::2]'; do
  asked=$(count "first asked 1001")
  at left wget -q -O /dev/null http://$server:1001/ 2> /tmp/wget || true
  grep -q 404 /tmp/wget || die "$server does not answer: $(cat /tmp/wget)"
  logged $((asked + 1)) "first asked 1001\$"
done

# An ICMP error is about a flow and not of it: asked about, whatever the flow's decision, and no
# decision on it is the flow's.
asked=$(count "first asked 1001")
flow closed 10.2.0.2 1001
send closed 1
awaits 1 "first asked about an error 1001"
send closed 4
awaits $((asked + 1)) "first asked 1001\$"
ends closed

# Addresses that change are one flow, in both directions.
nft -f - <<END
table ip nat {
  chain before { type nat hook prerouting priority dstnat; tcp dport 2001 dnat to 10.2.0.2:1001; }
  chain after { type nat hook postrouting priority srcnat; oifname right masquerade; }
}
END
asked=$(count "first asked 2001") passed=$(count "passed 2001")
at left wget -q -O /dev/null http://10.1.0.1:2001/ 2> /tmp/wget || true
grep -q 404 /tmp/wget || die "no answer through NAT: $(cat /tmp/wget)"
[ "$(count "passed 2001")" -gt $((passed + 6)) ] || die "the connection is not one flow"
logged $((asked + 1)) "first asked 2001$"
asks 1 10.9.0.1 1001 5
nft flush ruleset

# A second script has decisions of its own: it takes ports for the next ones.
gives "" "run('other', 'softirq')"
other=$(count "other asked 1001")
asks 1 10.9.0.1 1001 1
logged $((other + 2)) "other asked 1001$"
other=$(count "other asked 1000")
asks 5 10.9.0.1 1000 5
logged $((other + 1)) "other asked 1000$"
gives "" "stop('other')"

# A decision at a hook that is before the flow is in the table, and before its address is known
gives "" "run('early', 'softirq')"
asks 1 10.9.0.1 1001 5
asks 1 fd00:9::1 1001 5
logged 2 "early asked 1001$"
gives "" "stop('early')"

# Thirty-two hooks can decide at a time; others are asked each time.
cat > $lua/many.lua <<END
for n = 1, 40 do
  require("netfilter").register { pf = 1, hooknum = 2, priority = n, hook = function(skb)
    print("many asked")
    return skb:decide(1)
  end }
end
END
gives "" "stop('first')"
echo 64 > /sys/module/lunatik/parameters/hooks
at_exit 'echo 16 > /sys/module/lunatik/parameters/hooks'
gives "" "run('many', 'softirq')"
flow new 10.9.0.1 1001
send new 1
awaits 40 "many asked"
send new 1
awaits 48 "many asked"
ends new
wait
gives "" "stop('many')"

logged 0 "operation failed"
gives "" "stop('passed')"
rmmod_all luadata luaskb luanetfilter
