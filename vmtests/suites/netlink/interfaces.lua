-- SPDX-License-Identifier: MIT OR GPL-2.0-only
-- The function says what the interface `test0` is, and changes it.
local netlink, rtnl = require("netlink"), require("linux.rtnetlink")
local link = netlink.rt.link()
local function own()
  for _, it in ipairs(link:list()) do
    if it.name == "test0" then return it end
  end
end
return function(what)
  while true do
    local it = own()
    if what == "up" then link:set { ifindex = it.ifindex, up = true, mtu = 1400 } end
    if what == "down" then link:set { ifindex = it.ifindex, up = false } end
    it = own()
    local hex = require("util").bin2hex(it.address)
    what = coroutine.yield(it.ifindex, it.mtu, it.flags & rtnl.iff.UP ~= 0, hex)
  end
end
