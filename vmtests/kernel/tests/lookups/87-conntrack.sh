# SPDX-License-Identifier: MIT OR GPL-2.0-only
# Flows without a packet: found by their addresses, changed and ended, from tasks and from hooks; listed and listened to.
. /network.sh
lua=/lib/modules/lua
insmod_all luadata lualinux luasocket luaskb luanetfilter luaconntrack
echo 1 > /proc/sys/net/netfilter/nf_conntrack_acct
at_exit 'echo 0 > /proc/sys/net/netfilter/nf_conntrack_acct'
echo "require('netfilter').register { pf = 1, hooknum = 2, track = true, hook = function() return 1 end }" > $lua/tracks.lua
gives "" "run('tracks', 'softirq')"
gives "" "conntrack = require('conntrack').new() aton = function(...) return string.char(...) end"
gives "" "l, r = aton(10, 1, 0, 2), aton(10, 2, 0, 2)"
gives nil "return conntrack:find(17, l, r, 1, 2)"

# An ICMP flow, whose ports nobody chooses: identifier, and type and code.
at left ping -c 3 -i 0.1 10.2.0.2 > /dev/null
conntrack -L -p icmp 2> /dev/null > /tmp/flows || die "no flows"
id=$(sed -n 's/.* id=\([0-9]*\) .*/\1/p' /tmp/flows | head -n 1)
gives "" "f = assert(conntrack:find(1, l, r, $id, 2048))"
gives "1,$id,2048" "local p, s, d, sp, dp = f:tuple() assert(s == l and d == r) return p .. ',' .. sp .. ',' .. dp"
gives "true" "local p, s, d = f:tuple(1) return s == r and d == l"
gives "3,252,3,252" "return table.concat({ f:counters() }, ',')"
gives "nil" "return f:tcp()"
gives "0" "return f:mark(7)"
conntrack -L -p icmp 2> /dev/null | grep -q "mark=7" || die "the mark is not set"
gives "7" "return f:mark()"
gives "true" "return f:timeout(1000) <= 30"
gives "true" "local t = f:timeout() return t > 900 and t <= 1000"
gives "0" "return f:zone()"
gives "true" "return f:status() & require('linux.nf').ct.status.CONFIRMED ~= 0"
# The replies' tuple finds it, too.
gives "true" "return conntrack:find(1, r, l, $id, 0):id() == f:id()"
gives "nil" "return conntrack:find(1, l, r, $id, 2048, 5)"

# Of IPv6, a datagram's.
at left bash -c 'echo a > /dev/udp/fd00:2::2/1013'
port=$(conntrack -L -f ipv6 -p udp 2> /dev/null | sed -n 's/.* sport=\([0-9]*\) dport=1013 .*/\1/p' | head -n 1)
[ -n "$port" ] || die "no flow of IPv6"
gives "" "six = require('net').aton6 l6, r6 = six('fd00:1::2'), six('fd00:2::2')"
gives "17,$port,1013" "local p, s, d, sp, dp = assert(conntrack:find(17, l6, r6, $port, 1013)):tuple() assert(s == l6 and d == r6) return p .. ',' .. sp .. ',' .. dp"
gives "true" "return conntrack:find(17, r6, l6, 1013, $port):id() == conntrack:find(17, l6, r6, $port, 1013):id()"
gives "nil" "return conntrack:find(17, l6, r6, 1013, $port)"
cat > $lua/lists_of_ipv6.lua <<'END'
local flows <close> = require("netlink.conntrack")()
local function count(family)
  local count = 0
  for _, flow in ipairs(flows:list(family)) do
    assert(#flow.original.source == (family == 10 and 16 or 4) and flow.family == family)
    if flow.original.destination_port == 1013 and flow.sent.packets == 1 then count = count + 1 end
  end
  return count
end
print("of IPv6 " .. count(10) .. ", of IPv4 " .. count(2))
END
gives "" "run('lists_of_ipv6', 'process', { load_fuel = 100000000 }) stop('lists_of_ipv6')"
awaits 1 "lists_of_ipv6: of IPv6 1, of IPv4 0"

# Listed; then ended, once, and told so.
cat > $lua/lists.lua <<'END'
local flows <close> = require("netlink.conntrack")()
local count = 0
for _, flow in ipairs(flows:list(2)) do
  if flow.original.protocol == 1 and flow.mark == 7 and flow.sent.packets == 3 and flow.received.bytes == 252
    and flow.original.destination_port == 2048 then
    count = count + 1
  end
end
print("listed " .. count)
END
gives "" "run('lists', 'process', { load_fuel = 100000000 }) stop('lists')"
awaits 1 "lists: listed 1"
cat > $lua/hears.lua <<'END'
local events <close> = require("netlink.conntrack")()
print(pcall(events.listen, events, "old"))
events:listen("new", "update", "destroy")
print("listens")
while true do
  local name, flow = events:next()
  print(name, flow.original.protocol, flow.original.destination_port)
end
END
printf "run('hears', 'process', { load_fuel = 100000000 })" > /tmp/hears
dd if=/tmp/hears bs=1M of=/dev/lunatik 2> /dev/null & hearer=$!
sees "hears: listens"
logged 1 "no event is called 'old'"
# While one task waits, another's chunks have a state of their own.
f="local f = require('conntrack').new():find(1, string.char(10, 1, 0, 2), string.char(10, 2, 0, 2), $id, 2048)"
gives "true,false,nil,nil,nil,nil" "$f return table.concat({ tostring(f:delete()), tostring(f:delete()), tostring(f:mark(1)), tostring(f:status()),
  tostring(f:timeout()), tostring((f:tuple())) }, ',')"
! conntrack -L -p icmp 2> /dev/null | grep -q "id=$id " || die "the flow is still there"
at left bash -c 'echo a > /dev/udp/10.2.0.2/1009'
sees "hears: new.17.1009"
# Of what began before anybody listened, nobody hears.
logged 0 "hears: destroy"
conntrack -U -p udp --orig-port-dst 1009 --mark 5 > /tmp/updated 2>&1 || die "no such flow: $(cat /tmp/updated)"
sees "hears: update.17.1009"
conntrack -D -p udp --orig-port-dst 1009 > /tmp/deleted 2>&1 || die "no such flow: $(cat /tmp/deleted)"
awaits 1 "hears: destroy.17.1009"
kill $hearer
! wait $hearer || die "who waits for events was not killed"
gives "nil" "return f:mark()"

# From a hook: what a packet's flow is found by is what the flow is; and its own flow ends.
cat > $lua/ends.lua <<'END'
local conntrack = require("conntrack").new()
require("netfilter").register { pf = 2, hooknum = 2, track = true, hook = function(skb)
  local flow = skb:flow()
  if not flow then return 1 end
  local protocol, source, destination, from, to = flow:tuple()
  if to ~= 1011 then return 1 end
  local found = conntrack:find(protocol, source, destination, from, to)
  print("found", found and found:id() == flow:id(), flow:counters())
  if found then print("deleted", flow:delete(), flow:delete(), found:delete(), flow:timeout(5)) end
  return 1
end }
END
gives "" "run('ends', 'softirq')"
at left bash -c 'exec 3<> /dev/udp/10.2.0.2/1011; echo a >&3; sleep 0.2; echo b >&3; sleep 0.2; echo c >&3'
# The first packet's flow is not in the table yet.
sees "found.nil"
sees "found.true"
sees "deleted.true.false.false"
! conntrack -L -p udp 2> /dev/null | grep -q "dport=1011.*packets=[^1]" || die "the flow goes on"
gives "" "stop('ends')"

# Bad input.
fails "$EINVAL" "*out of range*" "conntrack:find(17, l, r, 65536, 2)"
for call in "conntrack:find()" "conntrack:find('udp', l, r, 1, 2)" "conntrack:find(256, l, r, 1, 2)" "conntrack:find(17, 'abc', r, 1, 2)" \
  "conntrack:find(17, l, ('x'):rep(16), 1, 2)" "conntrack:find(17, '', '', 1, 2)" "conntrack:find(17, l, r, 65536, 2)" "conntrack:find(17, l, r, -1, 2)" \
  "conntrack:find(17, l, r, 1, 2, 65536)" "conntrack.find(f, 17, l, r, 1, 2)" "f.mark(conntrack)" "f:mark(-1)" "f:mark(1 << 32)" "f:timeout(-1)" "f:timeout({})"; do
  fails "$EINVAL" "*" "return $call"
done
fails "$EINVAL" "*not granted*" "run('ends', 'softirq', { capabilities = 'netfilter' })"
echo "require('conntrack').new()" > $lua/interrupts.lua
fails "$EINVAL" "*runtime context mismatch*" "run('interrupts', 'hardirq')"
echo "local make = require('conntrack').new require('netfilter').register { pf = 1, hooknum = 3, hook = function() print(pcall(make)) return 1 end }" > $lua/late.lua
gives "" "run('late', 'softirq')"
ping -c 1 -W 5 10.1.0.2 > /dev/null
sees "late: false.*may sleep"
gives "" "stop('late') stop('tracks') f, conntrack = nil, nil collectgarbage()"
