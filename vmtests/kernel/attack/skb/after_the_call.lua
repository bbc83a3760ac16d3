-- SPDX-License-Identifier: MIT OR GPL-2.0-only
-- Another hook has what the first one kept of the packet.
-- packets: ran
local netfilter = require("netfilter")
local packet, window, flow, later
local function closed(f, ...) return not pcall(f, ...) end
netfilter.register { pf = 2, hooknum = 1, priority = -10, track = true, hook = function(skb)
  packet, window, flow = skb, skb:data(), skb:flow()
  later = coroutine.wrap(function() while true do coroutine.yield(#packet) end end)
  return 1
end }
netfilter.register { pf = 2, hooknum = 1, priority = 10, hook = function()
  assert(closed(function() return #packet end), "the packet is there")
  assert(closed(packet.data, packet) and closed(packet.copy, packet) and closed(packet.forward, packet))
  assert(closed(packet.ports, packet) and closed(packet.decide, packet, 1) and closed(packet.resize, packet, 100))
  assert(#window == 0 and closed(function() return window[0] end) and closed(function() window[0] = 1 end))
  assert(closed(window.getstring, window, 0, 1) and tostring(window) == "")
  assert(not flow or closed(flow.tuple, flow) and closed(flow.mark, flow, 1))
  assert(closed(later))
  return 1
end }
