# SPDX-License-Identifier: MIT OR GPL-2.0-only
# Attacks where a device hands packets over: at XDP, and by sending.
. /network.sh
. /under_attack.sh

# In place of the kernel's own judgement of each packet, which passes when the script fails.
count=0
for attack in a01_while a07_pcallnest a13_pat1 a22_concat a32_corospawn a34_gcfin a41_nest a64_rehash c_straightc; do
  { sed '1s/^/require("xdp").attach(function(...) /' $lua/attack/library/$attack.lua; echo 'end)'; } > $lua/attack/at_xdp.lua
  lunatik xdp attach left attack/at_xdp --mode generic > /tmp/words 2>&1 || die "$attack: $(cat /tmp/words)"
  at left ping -c 2 -i 0.1 -W 10 10.1.0.1 > /tmp/ping || die "$attack: packets are lost: $(tail -n 2 /tmp/ping)"
  [ "$(faults attack/at_xdp)" = 0 ] || count=$((count + 1))
  lunatik xdp detach left
done
[ $count -ge 8 ] || die "only $count attacks failed at XDP: is a packet's fuel charged?"

# One packet cannot become a flood.
cat > $lua/attack/flood.lua << 'END'
require("netfilter").register { pf = 2, hooknum = 0, priority = 0, hook = function(skb) -- IPv4, PRE_ROUTING
  if skb:data()[19] == 66 then while true do skb:forward() end end
  return 1
end }
END
gives "" "run('attack/flood', 'softirq', { fuel = 10000 })"
sent() { cat /sys/class/net/left/statistics/tx_packets; }
at left ping -c 1 -W 1 10.1.0.77 > /dev/null || true # neighbours know each other
begun=$(sent)
at left ping -c 1 -W 1 10.9.9.66 > /dev/null || true
more=$(($(sent) - begun))
[ $more -ge 2 ] || die "the hook sends nothing: $more packets"
[ $more -le 40 ] || die "one packet became $more"
gives "" "stop('attack/flood')"

# Cut to its IP header, a packet is nobody's on its way, and hurts nobody.
cat > $lua/attack/cut.lua << 'END'
local function cut(skb)
  local length = skb:data()[0] >> 4 == 4 and 20 or 40
  if #skb > length then pcall(skb.resize, skb, length) end
  return 1
end
for _, family in ipairs { 2, 10 } do
  for point = 0, 4 do require("netfilter").register { pf = family, hooknum = point, priority = -500 + point, hook = cut } end
end
END
gives "" "run('attack/cut', 'softirq')"
for to in 10.2.0.2 10.1.0.1 fd00:2::2 fd00:1::1; do
  for size in 0 1 100 1400 3000; do at left ping -c 1 -W 1 -s $size $to > /dev/null 2>&1 & done
  at left bash -c "echo hello > /dev/udp/$to/9"
  at left timeout 1 nc $to 80 < /dev/null > /dev/null 2>&1 &
  ping -c 1 -W 1 $to > /dev/null 2>&1 &
  wait
done
gives "" "stop('attack/cut')"
at left ping -c 1 -W 5 10.2.0.2 > /tmp/ping || die "the router does not forward any more"
guarded
