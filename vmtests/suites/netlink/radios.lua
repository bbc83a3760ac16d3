-- SPDX-License-Identifier: MIT OR GPL-2.0-only
-- The function works with radios, as it is asked to.
local nl80211, netlink, util = require("linux.nl80211"), require("netlink").nl80211, require("util")
local work = {}
function work.wiphys()
  local wiphy <close> = netlink.wiphy()
  local found = {}
  for _, it in ipairs(wiphy:list()) do found[#found + 1] = ("%d %s"):format(it.wiphy, it.name) end
  return table.concat(found, "\n")
end
function work.interfaces()
  local interface <close> = netlink.interface()
  local found = {}
  for _, it in ipairs(interface:list()) do
    found[#found + 1] = ("%s %d %s"):format(it.name, it.iftype, util.bin2hex(it.mac))
  end
  table.sort(found)
  return table.concat(found, "\n")
end
function work.add(wiphy, name, iftype)
  local interface <close> = netlink.interface()
  return interface:add { wiphy = wiphy, name = name, iftype = nl80211.iftype[iftype] }
end
function work.del(ifindex)
  local interface <close> = netlink.interface()
  interface:del { ifindex = ifindex }
end
function work.start(ifindex, mac)
  local ap <close> = netlink.ap()
  local own = util.hex2bin(mac)
  -- A beacon: frame control, duration, receiver, sender, network, sequence; time, interval, capabilities; name, rates.
  local head = "\x80\0\0\0" .. ("\xff"):rep(6) .. own .. own .. "\0\0" .. ("\0"):rep(8) .. "\x64\0\x01\0"
    .. "\0\x07lunatik" .. "\1\4\x82\x84\x8b\x96" .. "\3\1\6"
  ap:start { ifindex = ifindex, freq = 2437, beacon_interval = 100, dtim = 2, ssid = "lunatik", head = head }
end
function work.stop(ifindex)
  local ap <close> = netlink.ap()
  ap:stop { ifindex = ifindex }
end
function work.stations(ifindex)
  local station <close> = netlink.station()
  local found = {}
  for _, it in ipairs(station:list(ifindex)) do found[#found + 1] = util.bin2hex(it.mac) end
  return table.concat(found, " ")
end
function work.join(ifindex, mac)
  local station <close> = netlink.station()
  local rates = "\x82\x84\x8b\x96"
  station:add { ifindex = ifindex, mac = util.hex2bin(mac), aid = 1, listen_interval = 10, supported_rates = rates }
end
function work.authorize(ifindex, mac, authorized)
  local station <close> = netlink.station()
  station:set { ifindex = ifindex, mac = util.hex2bin(mac), authorized = authorized }
end
function work.leave(ifindex, mac)
  local station <close> = netlink.station()
  station:del { ifindex = ifindex, mac = util.hex2bin(mac) }
end
return function(what, ...)
  local given = table.pack(...)
  while true do
    given = table.pack(coroutine.yield(work[what](table.unpack(given, 1, given.n))))
    what = table.remove(given, 1)
    given.n = given.n - 1
  end
end
