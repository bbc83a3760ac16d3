# SPDX-License-Identifier: MIT OR GPL-2.0-only
# What a script that rules ask can do about packets, flows and programs.
. /clients.sh
. /iptables.sh
echo 1 > /proc/sys/net/netfilter/nf_conntrack_acct
at_exit 'echo 0 > /proc/sys/net/netfilter/nf_conntrack_acct'
lunatik run nflua softirq --single --fuel 100000 --memory 8388608
says() { nfluactl -e "$1"; }
rule() { iptables-legacy "$@"; }
# page SERVER NAME: what a client gets from there
page() { printf 'Host:%s\r\n\r\n' "$2" | at left timeout 5 nc "$1" 80 2> /dev/null || true; }

# A page instead of the server's, while the server's end is reset: safe browsing.
says 'function nf_http(frame, payload)
  if not tostring(payload):find("blocked", 1, true) then return false end
  nf.reply("tcp", "HTTP/1.1 403 no\r\n\r\nblocked page")
  return true
end
function nf_reset() nf.reply("tcp", "x") end'
for form in iptables ip6tables; do
  $form-legacy -A FORWARD -p tcp --dport 80 --tcp-flags PSH PSH -m lua --tcp-payload --function nf_http -j DROP
done
for server in 10.2.0.2 fd00:2::2; do
  page $server blocked | grep -q "blocked page" || die "$server: no page instead"
  page $server other | grep -q "HTTP/1.. 400" || die "$server: what is allowed is answered otherwise"
done
for form in iptables ip6tables; do $form-legacy -F FORWARD; done
# The verdict REJECT beside the match.
says 'function nf_ssl(frame, packet) return #packet > 60 end'
rule -A FORWARD -p tcp --dport 443 -m lua --function nf_ssl -j REJECT --reject-with tcp-reset
! { hello www.blocked.example | connects 10.2.0.2 443; } || die "a rejected connection is answered"
rule -F FORWARD

# A packet that waits for a program's word. The program hears of it, and says so by a chunk.
says 'waiting = {}
function ask(frame, payload)
  local name = tostring(payload):match("Host:(%w+)")
  if not name or known and known[name] then return false end
  waiting[name] = waiting[name] or nf.getpacket()
  nf.netlink(name, 0, 1)
  nf.hotdrop(true)
  return false
end
function allow(name) known = known or {} known[name] = true
  local packet = waiting[name] waiting[name] = nil
  assert(packet:send() == true)
  local ok, problem = pcall(packet.send, packet) assert(not ok and problem:find "closed packet")
  assert(not packet:close())
end'
rule -A FORWARD -p tcp --dport 80 -m lua --tcp-payload --function ask -j ACCEPT
nfluactl --receive --count 1 > /tmp/heard & hearing=$!
# It has joined when a message to the group finds somebody.
for turn in $(seq 100); do
  ! nfluactl -e 'nf.netlink("ready", 0, 1)' 2> /dev/null || break
  usleep 50000
done
wait $hearing
[ "$(cat /tmp/heard)" = ready ] || die "a program does not hear the script"
{ page 10.2.0.2 patient > /tmp/page; } & client=$!
for turn in $(seq 100); do
  ! nfluactl -e 'assert(waiting.patient)' 2> /dev/null || break
  usleep 20000
done
says 'allow("patient")'
wait $client
grep -q "HTTP/1.. 400" /tmp/page || die "the packet that waited does not go on: $(cat /tmp/page)"
rule -F FORWARD
# By its port, and what becomes of what nobody hears.
nfluactl --receive --port 77 --count 1 > /tmp/port & hearing=$!
for turn in $(seq 100); do
  ! nfluactl -e 'assert(nf.genetlink("to 77", 77) == 5)' 2> /dev/null || break
  usleep 50000
done
wait $hearing
[ "$(cat /tmp/port)" = "to 77" ] || die "a program does not hear by its port: $(cat /tmp/port)"
says 'local ok, problem = pcall(nf.netlink, "x", 78) assert(not ok and problem == "ECONNREFUSED", problem)
ok, problem = pcall(nf.netlink, 78, 0, "the older order") assert(problem == "ECONNREFUSED", problem)
assert(not pcall(nf.netlink, "x", 0)) assert(not pcall(nf.netlink, ("x"):rep(40000), 1))'

# Another payload; and UDP, answered.
says 'function nf_dns(frame, packet)
  if tostring(packet):find("change", 1, true) then nf.getpacket():send("changed!") return true end
  if tostring(packet):find("answer", 1, true) then nf.reply("udp", "answered") return true end
  return false
end'
rule -A FORWARD -p udp --dport 5353 -m lua --function nf_dns -j DROP
at right nft 'add table ip t; add chain ip t c { type filter hook input priority 0; };
  add rule ip t c udp dport 5353 @th,64,64 0x6368616e67656421 counter'
before=$(unheard right Udp)
at left bash -c 'printf change > /dev/udp/10.2.0.2/5353'
# Nobody listens there, which is counted for datagrams whose sum is right.
for turn in $(seq 100); do [ "$(unheard right Udp)" = "$before" ] || break; usleep 20000; done
at right nft list chain ip t c | grep -q "counter packets 1 bytes 36" || die "the server got $(at right nft list chain ip t c)"
[ "$(unheard right Udp)" = $((before + 1)) ] || die "the other payload has another sum"
# Both for IPv6, too.
ip6tables-legacy -A FORWARD -p udp --dport 5353 -m lua --function nf_dns -j DROP
before=$(unheard right Udp6NoPorts)
at left bash -c 'printf change > /dev/udp/fd00:2::2/5353'
for turn in $(seq 100); do [ "$(unheard right Udp6NoPorts)" = "$before" ] || break; usleep 20000; done
[ "$(unheard right Udp6NoPorts)" = $((before + 1)) ] || die "the other payload does not arrive over IPv6, or has another sum"
for server in 10.2.0.2 fd00:2::2; do
  answer=$(at left bash -c "exec 3<> /dev/udp/$server/5353; printf answer >&3; timeout 5 dd bs=100 count=1 <&3" 2> /dev/null || true)
  [ "$answer" = answered ] || die "the client got '$answer' from $server"
done
rule -F FORWARD
ip6tables-legacy -F FORWARD

# Flows: their numbers, what went by, their end.
says 'function flow(frame, packet)
  local id = nf.connid()
  local port = packet:u16(20)
  found = id and id == nf.findconnid(4, "tcp", "10.1.0.2", port, "10.2.0.2", 80)
  if packet:getbyte(33) & 8 ~= 0 then
    counts = { nf.traffic(4, "tcp", "10.1.0.2", port, "10.2.0.2", 80, "both") }
    one = { nf.traffic(4, "tcp", "10.1.0.2", port, "10.2.0.2", 80, "original") }
    ended = nf.delete_conntrack() gone = nf.findconnid(4, "tcp", "10.1.0.2", port, "10.2.0.2", 80)
  end
  return false
end'
rule -A FORWARD -p tcp --dport 80 -m lua --function flow -j DROP
passes 10.2.0.2 a || die "a connection ends when its flow is forgotten"
says 'assert(found and #counts == 4 and counts[1] >= 2 and counts[2] > 100 and counts[3] >= 1, table.concat(counts, " "))
assert(#one == 2 and one[1] == counts[1]) assert(ended == true and gone == nil)
local none, why = nf.traffic(4, "tcp", "10.1.0.2", 1, "10.2.0.2", 1, "reply") assert(none == nil and why == "no such flow")
assert(nf.delete_conntrack(6, "udp", "fd00::1", 1, "fd00::2", 2) == false)
for _, bad in ipairs { { 5, "tcp", "10.0.0.1", 1, "10.0.0.2", 2 }, { 4, "icmp", "10.0.0.1", 1, "10.0.0.2", 2 },
  { 4, "tcp", "10.0.0", 1, "10.0.0.2", 2 }, { 4, "tcp", "fd00::1", 1, "10.0.0.2", 2 }, { 4, "tcp", "10.0.0.1x", 1, "10.0.0.2", 2 },
  { 4, "tcp", "10.0.0.1", -1, "10.0.0.2", 2 }, { 4, "tcp", "10.0.0.1", 1, "10.0.0.2", 65536 }, {} } do
  assert(not pcall(nf.findconnid, table.unpack(bad)))
end'
rule -F FORWARD

# Those of IPv6.
says 'function flow6(frame, packet)
  local port = packet:u16(40)
  local function of(f, ...) return f(6, "tcp", "fd00:1::2", port, "fd00:2::2", 80, ...) end
  found6 = nf.connid() and nf.connid() == of(nf.findconnid)
  if packet:getbyte(53) & 8 ~= 0 then
    counts6 = { of(nf.traffic, "both") }
    ended6 = of(nf.delete_conntrack) gone6 = of(nf.findconnid)
  end
  return false
end'
ip6tables-legacy -A FORWARD -p tcp --dport 80 -m lua --function flow6 -j DROP
passes fd00:2::2 a || die "a connection of IPv6 ends when its flow is forgotten"
says 'assert(found6 and #counts6 == 4 and counts6[1] >= 2 and counts6[2] > 100 and counts6[3] >= 1, table.concat(counts6, " "))
assert(ended6 == true and gone6 == nil)'
ip6tables-legacy -F FORWARD

# Outside of a rule there is no packet; masks have bounds; times are times; timers go off.
says 'for _, f in ipairs { function() nf.getpacket() end, function() nf.connid() end, function() nf.hotdrop(true) end,
  function() nf.reply("tcp", "x") end, function() nf.delete_conntrack() end } do
  local ok, problem = pcall(f) assert(not ok and problem:find "only while a rule asks", problem)
end
assert(not pcall(nf.set_match_bit, 32, true) and not pcall(nf.set_match_bit, -1, true) and not pcall(nf.set_match_bit, 1, 1))
nf.set_match_bit(31, true) assert(nf.get_match_mask() == 1 << 31) nf.reset_match_mask() assert(nf.get_match_mask() == 0)
local seconds, milliseconds = nf.time() assert(seconds > 1600000000 and milliseconds >= 0 and milliseconds < 1000)
local bytes, micro = nf.get_cpu_mem_info() assert(bytes > 1000 and micro > 0)
timer.create(10, function() print("timer goes off") end)
local never = timer.create(100000, print) timer.destroy(never)'
sees "nflua: timer goes off"

# What is hostile: all it gets is less for itself.
says 'kept = {}
function hoard() for i = 1, 3 do kept[#kept + 1] = nf.getpacket() end return false end
function flood() for i = 1, 1000 do nf.getpacket():send() end return false end
function big() nf.reply("tcp", ("x"):rep(9000)) return false end
function wrong() nf.reply("udp", "x") return false end
function loop() while true do end end
function keep(frame, packet) if held then assert(#held == 0 and not pcall(held.getbyte, held, 0)) end held = packet return false end'
for name in hoard flood big wrong loop keep; do rule -A FORWARD -m lua --function $name -j DROP; done
at left ping -c 20 -i 0.02 -W 5 10.2.0.2 > /tmp/ping || die "hostile functions lose packets"
# Each packet is asked about six times, to the end of their fuel.
seconds=60
passes 10.2.0.2 a || die "hostile functions lose a connection"
seconds=5
rule -F FORWARD
lunatik resume nflua
# Packets that a script sends pass its rules unasked: no packet becomes many.
says 'sent = 0 function again() sent = sent + 1 nf.getpacket():send() return false end'
echos() { at right awk '$1 == "Icmp:" && $2 ~ /[0-9]/ { print $10 }' /proc/net/snmp; }
before=$(echos)
for chain in FORWARD OUTPUT; do rule -A $chain -p icmp -s 10.1.0.2 -m lua --function again -j DROP; done
at left ping -c 1 -W 5 10.2.0.2 > /tmp/ping || die "a packet is lost that is sent twice"
for turn in $(seq 100); do [ "$(echos)" -lt $((before + 2)) ] || break; usleep 20000; done
[ "$(echos)" = $((before + 2)) ] || die "of a packet and its copy the server got $(($(echos) - before))"
says 'assert(sent == 1, sent) sent = 0'
# Nor do they come back.
rule -A INPUT -p icmp -d 10.1.0.255 -m lua --function again -j DROP
at left ping -c 1 -W 1 10.1.0.255 > /tmp/ping 2>&1 || true
says 'assert(sent == 1, sent)'
for chain in FORWARD OUTPUT INPUT; do rule -F $chain; done
# Held while the script stops.
says 'kept = {} function hold() kept[#kept + 1] = nf.getpacket() return false end'
rule -A FORWARD -p icmp -m lua --function hold -j DROP
at left ping -c 5 -i 0.02 -W 5 10.2.0.2 > /tmp/ping || die "held copies lose packets"
says 'assert(#kept == 10, #kept)'
lunatik stop nflua
rule -F FORWARD

# Namespaces: each has its own script, and ends with what that holds.
touch /tmp/third
unshare --net=/tmp/third true
at third ip link set lo up
lunatik run nflua softirq --single
echo 'return require("nflua")' > /lib/modules/lua/nflua_third.lua
at third lunatik run nflua_third softirq --single
at third nfluactl -e 'kept = {} function hold() kept[#kept + 1] = nf.getpacket() return true end here = "third"'
says 'assert(here == nil)'
at third iptables-legacy -A OUTPUT -p icmp -m lua --function hold -j DROP
at third iptables-nft -A OUTPUT -p udp -m lua --function hold -j DROP
! at third ping -c 1 -W 1 127.0.0.1 > /tmp/ping 2>&1 || die "the namespace's rule does not ask"
at third nfluactl -e 'assert(#kept == 1, #kept)'
umount /tmp/third
touch /tmp/fourth
unshare --net=/tmp/fourth true
umount /tmp/fourth
# Its script is asked no more, and sends nothing. That the namespace goes is seen when the module does.
gives "nflua, nflua_third" "return list()"
lunatik stop nflua_third
lunatik stop nflua
