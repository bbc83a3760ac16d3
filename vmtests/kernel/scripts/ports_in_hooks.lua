-- SPDX-License-Identifier: MIT OR GPL-2.0-only
-- Drops what goes to a port, and any packet whose skb:ports differ from those of its data.
local netfilter = require("netfilter")
local packet = require("packet")

local function text(...)
  local values = { ... }
  for n = 1, select("#", ...) do values[n] = tostring(values[n]) end
  return table.concat(values, " ")
end

local function hook(skb)
  local before = text(skb:ports())
  local data = text(packet.ports(skb:data()))
  if before ~= data or text(skb:ports()) ~= data or text(skb:copy():ports()) ~= data then
    error("skb:ports: " .. before .. ", and the data's " .. data)
  end
  local protocol, source, destination = skb:ports()
  local p, s, d = packet.ports(skb:data())
  if protocol ~= p or source ~= s or destination ~= d or (skb:ports()) ~= p then error("three of skb:ports") end
  return destination == 8080 and 0 or 1
end

for _, family in ipairs { 2, 10 } do -- IPv4 and IPv6, LOCAL_IN
  netfilter.register { pf = family, hooknum = 1, priority = 0, hook = hook }
end
