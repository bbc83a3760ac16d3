-- SPDX-License-Identifier: MIT OR GPL-2.0-only
-- The function adds and deletes a route and a rule, and says which there are.
local netlink, net, rtnl = require("netlink"), require("net"), require("linux.rtnetlink")
local route, rule = netlink.rt.route(), netlink.rt.rule()
local INET <const> = require("linux.socket.af").INET
local function bytes(text) return string.pack(">I4", net.aton(text)) end
local to = { dst = bytes("192.0.2.0"), dst_len = 24, gateway = bytes("10.9.1.2"), table = 200, priority = 7 }
local by = { table = 200, priority = 4711, fwmark = 0x12, protocol = rtnl.rtprot.STATIC }
return function(what)
  local answer
  while true do
    if what == "add" then
      route:add(to)
      rule:add(by)
      answer = select(2, pcall(route.add, route, to)) .. " " .. select(2, pcall(rule.add, rule, by))
    elseif what == "del" then
      route:del(to)
      rule:del(by)
      answer = select(2, pcall(route.del, route, to)) .. " " .. select(2, pcall(rule.del, rule, by))
    else
      local found = {}
      for _, it in ipairs(route:list(INET)) do
        if it.table == 201 then
          found[#found + 1] = ("%s/%d %d"):format(net.ntoa(string.unpack(">I4", it.dst)), it.dst_len, it.priority)
        end
      end
      for _, it in ipairs(rule:list(INET)) do
        if it.table == 201 then found[#found + 1] = ("%d %d"):format(it.priority, it.fwmark) end
      end
      answer = table.concat(found, "; ")
    end
    what = coroutine.yield(answer)
  end
end
