# SPDX-License-Identifier: MIT OR GPL-2.0-only
# A copy that a script sends on meets no other script on its way, at a bridge or at a device: each would need
# its stack on top of the others'.
. /network.sh
insmod_all luadata lualinux luapacket luaskb luanetfilter
lua=/lib/modules/lua
/usr/bin/ip link add bridge type bridge
at_exit '/usr/bin/ip link delete bridge'
/usr/bin/ip address flush dev left
/usr/bin/ip link set left master bridge
/usr/bin/ip address add 10.1.0.1/24 dev bridge
/usr/bin/ip link set bridge up

cat > $lua/sends.lua << 'END'
-- A packet to ...66 goes to all on the link.
require("netfilter").register { pf = 2, hooknum = 0, priority = 0, hook = function(skb)
  if skb:data()[19] ~= 66 then return 1 end
  local header = skb:data("mac")
  for index = 0, 5 do header[index] = 255 end
  skb:forward()
  return 0
end }
END
cat > $lua/asked.lua << 'END'
local register = require("netfilter").register
local function fail(skb)
  local packet = skb:data()
  if packet[0] >> 4 == 4 and packet[19] == 66 then error("asked") end
  return 1
end
for point = 3, 4 do register { pf = 7, hooknum = point, priority = 0, hook = fail } end -- BRIDGE: LOCAL_OUT, POST_ROUTING
for _, device in ipairs { "bridge", "left" } do register { pf = 5, hooknum = 1, dev = device, hook = fail } end
END
at left ping -c 1 -W 5 10.1.0.1 > /tmp/ping || die "no answer over the bridge"
gives "" "run('sends', 'softirq')"
gives "" "run('asked', 'softirq', { faults = 0 })"
heard() { at left sed -n 's/.*wire: *[0-9]* *\([0-9]*\).*/\1/p' /proc/net/dev; }
asked() { evaluate "return status()"; echo "$answer" | awk '$1 == "asked" { print $5 }'; }
before=$(heard) questions=$(asked)
at left ping -c 5 -i 0.1 -W 1 10.1.9.66 > /tmp/ping 2>&1 || true
[ $(($(heard) - before)) -ge 5 ] || die "the copies did not arrive"
[ "$(asked)" = "$questions" ] || die "copies were judged: $questions questions before, $(asked) now"
# What is no copy is.
at left ip address add 10.1.0.66/24 dev wire
ping -c 1 -W 5 10.1.0.66 > /tmp/ping || die "no answer over the bridge"
[ "$(asked)" -gt "$questions" ] || die "the other script sees nothing at all"
