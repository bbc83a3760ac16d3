# SPDX-License-Identifier: MIT OR GPL-2.0-only
# Copies of packets that a script keeps hold neither their device nor their flow's namespace.
one_cpu
. /network.sh
insmod_all luadata lualinux luapacket luaskb luanetfilter
ip link set lo up
cat > /lib/modules/lua/keeps.lua << 'END'
-- Keeps a copy of each ping; of one to ...9 it says what it has of the last.
local netfilter = require("netfilter")
local kept
netfilter.register { pf = 2, hooknum = 1, priority = 0, track = true, hook = function(skb)
  local packet = skb:data()
  if packet[9] ~= 1 or packet[20] ~= 8 then return 1 end
  if packet[19] ~= 9 then
    kept = skb:copy()
    print("keeps " .. kept:ifindex() .. " of " .. skb:ifindex() .. ", " .. tostring(kept:flow() ~= nil))
  else
    print("has " .. kept:ifindex() .. " of " .. kept:copy():ifindex() .. ", " .. tostring(pcall(kept.forward, kept)))
  end
  return 1
end }
END
answers() { "$@" > /tmp/ping || die "no answer: $(cat /tmp/ping)"; }
attach third 3
number=$(cat /sys/class/net/third/ifindex)
gives "" "run('keeps', 'softirq')"
answers at third ping -c 1 -W 5 10.3.0.1
sees "keeps $number of $number, true"
answers ping -c 1 -W 5 127.0.0.9
sees "has $number of $number, true"
ip link delete third
answers ping -c 1 -W 5 127.0.0.9
sees "has 0 of 0, false"
umount /tmp/third
gives "" "stop('keeps')"

# Namespaces end one after the other, in their own time: the device of the last goes when those before are gone.
touch /tmp/fourth
unshare --net=/tmp/fourth true
at fourth ip link set lo up
at fourth lunatik run keeps softirq
answers at fourth ping -c 1 -W 5 127.0.0.1
sees "keeps 1 of 1, true"
umount /tmp/fourth
usleep 300000
attach fifth 5
umount /tmp/fifth
for turn in $(seq 200); do [ -e /sys/class/net/fifth ] || break; usleep 50000; done
[ ! -e /sys/class/net/fifth ] || die "a copy keeps its namespace from ending"
gives "keeps" "return list()"
gives "" "stop('keeps')"
