-- SPDX-License-Identifier: MIT OR GPL-2.0-only
-- The function lists the addresses of an interface.
local netlink, net = require("netlink"), require("net")
local addr = netlink.rt.addr()
return function(ifindex)
  while true do
    local found = {}
    for _, it in ipairs(addr:list()) do
      if it.ifindex == ifindex then
        local text = #it.address == 4 and net.ntoa(string.unpack(">I4", it.address)) or net.ntoa6(it.address)
        found[#found + 1] = ("%s/%d"):format(text, it.prefixlen)
      end
    end
    table.sort(found)
    ifindex = coroutine.yield(table.concat(found, " "))
  end
end
