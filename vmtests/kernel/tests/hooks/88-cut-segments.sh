# SPDX-License-Identifier: MIT OR GPL-2.0-only
# Of several segments in one packet a script leaves less than one: it gets to where it goes.
one_cpu
. /network.sh
insmod_all luadata lualinux luapacket luaskb luanetfilter
cat > /lib/modules/lua/cuts.lua << 'END'
-- Cuts the first packet that is longer than a frame.
local netfilter = require("netfilter")
local cut
netfilter.register { pf = 2, hooknum = 2, priority = 0, hook = function(skb)
  if cut or #skb < 2000 then return 1 end
  cut = true
  skb:resize(1000)
  local packet = skb:data()
  packet[2], packet[3] = 1000 >> 8, 1000 & 255
  skb:checksum()
  print("cut")
  return 1
end }
END
# The device has each segment made for it.
/usr/bin/ip link set right gso_max_segs 1
gives "" "run('cuts', 'softirq', { fuel = 100000 })"
head -c 20000 /dev/urandom > /tmp/sent
at right timeout 20 nc -l -p 90 > /tmp/received & receiving=$!
for turn in $(seq 100); do ! at right netstat -tln | grep -q :90 || break; usleep 50000; done
before=$(cat /sys/class/net/right/statistics/tx_dropped)
at left timeout 20 bash -c 'cat /tmp/sent > /dev/tcp/10.2.0.2/90'
wait $receiving || die "nothing arrived"
sees "cuts: cut"
cmp /tmp/sent /tmp/received || die "other bytes arrived"
after=$(cat /sys/class/net/right/statistics/tx_dropped)
[ $after = $before ] || die "$((after - before)) packets could not be sent"
gives "" "stop('cuts')"
