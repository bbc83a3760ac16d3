# SPDX-License-Identifier: MIT OR GPL-2.0-only
# Rules of iptables ask functions of one script, by the match and the target, in both of iptables' forms.
. /clients.sh
. /iptables.sh

# What a rule says is what is shown of it, and what is restored.
nfluactl -e 'print("before")' 2> /tmp/refusal && die "a chunk runs without a script"
grep -q "no script is asked in this network namespace" /tmp/refusal || die "$(cat /tmp/refusal)"
for form in legacy nft; do
  iptables-$form -A FORWARD -p tcp --dport 80 -m lua --function f --tcp-payload --mask 0x6 -j DROP
  iptables-$form -A FORWARD -j LUA --function "odd name" --mask 1
  iptables-$form -S FORWARD > /tmp/rules
  grep -qe '-m lua --function f --tcp-payload --mask 0x6 -j DROP' /tmp/rules || die "$form shows $(cat /tmp/rules)"
  grep -qe '-j LUA --function "odd name" --mask 0x1' /tmp/rules || die "$form shows $(cat /tmp/rules)"
  iptables-$form -L FORWARD -n | grep -q "lua function f --tcp-payload --mask 0x6" || die "$form lists otherwise"
  iptables-$form-save > /tmp/saved
  iptables-$form -F FORWARD
  iptables-$form-restore < /tmp/saved
  iptables-$form -S FORWARD | diff /tmp/rules - || die "$form restores other rules"
  iptables-$form -C FORWARD -p tcp --dport 80 -m lua --function f --tcp-payload --mask 6 -j DROP || die "$form does not find it"
  # Without a script packets pass.
  passes 10.2.0.2 a || die "$form: lost without a script"
  iptables-$form -D FORWARD -p tcp --dport 80 -m lua --function f --tcp-payload --mask 6 -j DROP
  iptables-$form -F FORWARD
done
# What no rule can be.
long=$(printf %01024d 0)
for bad in "" "--function" "--function $long" "--function f --function g" "--function f --mask 0" "--function f --mask x" "! --function f"; do
  refuses iptables-legacy -A FORWARD -m lua $bad -j DROP
  refuses iptables-nft -A FORWARD -j LUA $bad
done
refuses iptables-legacy -A FORWARD -m lua --function "" -j DROP
! { iptables-legacy -S FORWARD; iptables-nft -S FORWARD; } | grep -q "^-A" || die "a bad rule is there"

# One script for a namespace; rules need it to have one state.
fails "$EINVAL" "*rules need one state*" "run('nflua', 'softirq')"
fails "$EINVAL" "*'single' is for softirq and hardirq*" "run('nflua', 'process', { single = true })"
lunatik run nflua softirq --single --fuel 20000
echo 'require("xtables").attach(print)' > /lib/modules/lua/second.lua
fails "$EINVAL" "*the kernel refuses what the script registers*" "run('second', 'softirq', { single = true })"
echo 'local attach = require("xtables").attach attach(print) attach(print)' > /lib/modules/lua/twice.lua
lunatik stop nflua
fails "$EINVAL" "*the kernel refuses what the script registers*" "run('twice', 'softirq', { single = true })"
lunatik run nflua softirq --single --fuel 20000
evaluate "return status()" || die "$answer"
case $answer in "nflua softirq 1 "*" 0 run running") ;; *) die "$answer" ;; esac

# Chunks: a file, a string, what is wrong with them, and only text.
cat > /tmp/functions.lua <<'END'
asked, last = {}, nil
local function count(name) asked[name] = (asked[name] or 0) + 1 end
function yes(frame, packet) count "yes" last = { #frame, #packet, packet:getbyte(0) } return true end
function no() count "no" return false end
function fault() count "fault" error("on purpose") end
function nf_http(frame, payload)
  local text = tostring(payload)
  count "nf_http"
  return text:find("Host:blocked", 1, true) ~= nil
end
function say(what) local text = {} for name, n in pairs(asked) do text[#text + 1] = name .. "=" .. n end
  table.sort(text) print(what .. ": " .. table.concat(text, " ")) asked = {} end
END
nfluactl /tmp/functions.lua
nfluactl -e 'say("none")'
logged 1 "nflua: none: $"
refused() { if nfluactl "$@" 2> /tmp/refusal; then die "expected to fail: $*"; fi; }
refused -e 'syntax error'
grep -q "nflua:1: syntax error" /tmp/refusal || die "$(cat /tmp/refusal)"
refused -n other -e 'error("raised")'
grep -q "other:1: raised" /tmp/refusal || die "$(cat /tmp/refusal)"
refused -e 'while true do end'
refused -e 'local t = {} while true do t[#t + 1] = ("x"):rep(1000) .. #t end'
printf '\033Lua' > /tmp/binary; printf 'x' >> /tmp/binary
refused /tmp/binary
grep -q "binary chunk" /tmp/refusal || die "$(cat /tmp/refusal)"
refused -e "$(printf 'x = "%066000d"' 0)"
nfluactl -e 'say("still")'

for form in legacy nft; do
  # A match: its packet passes or not; the rule's target is asked for only then.
  iptables-$form -A FORWARD -p tcp --dport 80 -m lua --function no -j DROP
  passes 10.2.0.2 a || die "$form: a rule that does not match stops packets"
  nfluactl -e 'assert(asked.no > 2) asked = {}'
  iptables-$form -F FORWARD
  iptables-$form -A FORWARD -p tcp --dport 80 -m lua --function yes -j DROP
  lost 10.2.0.2 a || die "$form: a rule that matches stops nothing"
  nfluactl -e 'assert(asked.yes >= 1 and last[1] == 14 and last[2] >= 40 and last[3] == 0x45) asked = {}'
  iptables-$form -F FORWARD
  # What a function is that is not there, or fails: no match.
  for name in missing fault print asked; do iptables-$form -A FORWARD -p tcp --dport 80 -m lua --function $name -j DROP; done
  passes 10.2.0.2 a || die "$form: what fails matches"
  iptables-$form -F FORWARD
  # The rule set of safe browsing, as published.
  iptables-$form -A FORWARD -p tcp --dport 80 --tcp-flags PSH PSH -m lua --tcp-payload --function nf_http -j DROP
  passes 10.2.0.2 allowed || die "$form: what is allowed does not pass"
  lost 10.2.0.2 blocked || die "$form: what is blocked passes"
  nfluactl -e 'assert(asked.nf_http >= 2) asked = {}'
  iptables-$form -F FORWARD
  ip6tables-$form -A FORWARD -p tcp --dport 80 -m lua --tcp-payload --function nf_http -j DROP
  passes fd00:2::2 allowed || die "$form: what is allowed does not pass by IPv6"
  lost fd00:2::2 blocked || die "$form: what is blocked passes by IPv6"
  ip6tables-$form -F FORWARD
  # A mask keeps rules from asking.
  nfluactl -e 'nf.reset_match_mask() nf.set_match_bit(1, true)'
  iptables-$form -A FORWARD -p tcp --dport 80 -m lua --mask 0x4 --function yes -j DROP
  passes 10.2.0.2 a || die "$form: a rule asks without its bit"
  nfluactl -e 'assert(not asked.yes and nf.get_match_mask() == 2) nf.set_match_bit(2, true)'
  lost 10.2.0.2 a || die "$form: a rule does not ask with its bit"
  nfluactl -e 'nf.set_match_bit(2, false) asked = {}'
  passes 10.2.0.2 a || die "$form: a rule asks after its bit is gone"
  nfluactl -e 'assert(not asked.yes)'
  iptables-$form -F FORWARD
  # hotdrop is for what the rule would let pass.
  nfluactl -e 'function hot() nf.hotdrop(true) return false end function cold() nf.hotdrop(true) nf.hotdrop(false) return false end'
  iptables-$form -A FORWARD -p tcp --dport 80 -m lua --function hot -j ACCEPT
  lost 10.2.0.2 a || die "$form: hotdrop does not drop"
  iptables-$form -F FORWARD
  iptables-$form -A FORWARD -p tcp --dport 80 -m lua --function cold -j ACCEPT
  passes 10.2.0.2 a || die "$form: hotdrop holds"
  iptables-$form -F FORWARD
  # The target's verdicts.
  for answer in drop stolen; do
    nfluactl -e "function judge() return '$answer' end"
    iptables-$form -A FORWARD -p tcp --dport 80 -j LUA --function judge
    lost 10.2.0.2 a || die "$form: $answer does not stop packets"
    iptables-$form -F FORWARD
  done
  for answer in "'accept'" "'stop'" "'continue'" "'repeat'" nil 7 "error('x')"; do
    nfluactl -e "function judge() local answer = $answer return answer end"
    iptables-$form -A FORWARD -p tcp --dport 80 -j LUA --function judge
    passes 10.2.0.2 a || die "$form: $answer stops packets"
    iptables-$form -F FORWARD
  done
  # accept ends the chain, continue does not.
  iptables-$form -A FORWARD -p tcp --dport 80 -j LUA --function judge
  iptables-$form -A FORWARD -p tcp --dport 80 -j DROP
  nfluactl -e "function judge() return 'accept' end"
  passes 10.2.0.2 a || die "$form: accept does not end the chain"
  nfluactl -e "function judge() return 'continue' end"
  lost 10.2.0.2 a || die "$form: continue ends the chain"
  iptables-$form -F FORWARD
  lunatik resume nflua
done

# A target's function writes: here the lifetime, which ends at the next hop.
nfluactl -e 'function last_hop(frame, packet)
  local sum = packet:u16(10) + (packet:getbyte(8) - 1 << 8)
  packet:setbyte(8, 1)
  if sum > 0xffff then sum = sum - 0xffff end
  packet:setbyte(10, sum >> 8) packet:setbyte(11, sum & 255)
end
function spoil(frame, packet) packet:setbyte(8, 1) end'
iptables-legacy -t mangle -A OUTPUT -p icmp -d 10.2.0.2 -j LUA --function last_hop
ping -c 1 -W 5 10.2.0.2 > /tmp/ping || die "what a target writes breaks packets"
iptables-legacy -t mangle -F
iptables-legacy -t mangle -A OUTPUT -p icmp -d 10.2.0.2 -j LUA --function spoil
! ping -c 1 -W 1 10.2.0.2 > /tmp/ping || die "what a target writes does not reach the packet"
iptables-legacy -t mangle -F
# A connection's first segment is a clone.
for function in last_hop spoil; do
  iptables-legacy -t mangle -A OUTPUT -p tcp --syn -d 10.2.0.2 -j LUA --function $function
  if echo Host:a | timeout 2 nc 10.2.0.2 80 2> /dev/null | grep -q HTTP; then reached=last_hop; else reached=spoil; fi
  [ $reached = $function ] || die "a segment that $function has written is not what it should be"
  iptables-legacy -t mangle -F
done

# A hundred rules at once, and away under traffic.
{ echo "*filter"; for turn in $(seq 100); do echo "-A FORWARD -m lua --function no -j DROP"; done; echo COMMIT; } > /tmp/hundred
for form in legacy nft; do
  nsenter --net=/tmp/left ping -i 0.002 10.2.0.2 > /tmp/ping & pinging=$!
  for turn in $(seq 10); do
    iptables-$form-restore --noflush < /tmp/hundred
    iptables-$form -F FORWARD
  done
  kill $pinging; wait $pinging || true
done
# The script goes and comes under them, and the module stays as long as there are rules.
iptables-legacy-restore --noflush < /tmp/hundred
refuses rmmod luaxtables
nsenter --net=/tmp/left ping -i 0.002 10.2.0.2 > /tmp/ping & pinging=$!
for turn in $(seq 10); do
  lunatik stop nflua
  refuses rmmod luaxtables
  lunatik run nflua softirq --single
done
# Another takes its place, and is asked.
for turn in $(seq 5); do
  nfluactl -e 'function no() return false end'
  lunatik replace nflua softirq --single
  nfluactl -e 'assert(not no)'
done
kill $pinging; wait $pinging || true
iptables-legacy -F FORWARD
lunatik stop nflua
rmmod luaxtables
insmod /modules/luaxtables.ko

# The configured verdict of what fails, and quarantine.
lunatik run nflua softirq --single --fail drop --faults 5
nfluactl -e 'function fault() error("on purpose") end'
iptables-legacy -A FORWARD -p tcp --dport 80 -m lua --function fault -j ACCEPT
lost 10.2.0.2 a || die "--fail drop lets pass what fails"
for turn in $(seq 6); do lost 10.2.0.2 a || die "--fail drop lets pass what fails"; done
lunatik status | grep -q quarantined || die "not quarantined: $(lunatik status)"
refused -e 'x = 1'
lunatik resume nflua
nfluactl -e 'x = 1'
iptables-legacy -F FORWARD
lunatik stop nflua
