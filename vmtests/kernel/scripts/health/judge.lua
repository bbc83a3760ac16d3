-- SPDX-License-Identifier: MIT OR GPL-2.0-only
-- Judges pings to loopback by their destination's last byte, and fails in every way.
local netfilter = require("netfilter")

local function inner(packet) return packet[#packet] end

local function verdict(skb)
  local packet = skb:data()
  if packet[9] ~= 1 then return 1 end
  local last = packet[19]
  if last == 2 then return 0 end
  if last == 3 then error("on purpose") end
  if last == 4 then while true do end end
  if last == 5 then return inner(packet) end
  if last == 6 then return ("x"):rep(200000) end
  if last == 7 then return "accept" end
  return 1
end

netfilter.register { pf = 2, hooknum = 1, priority = 0, hook = verdict }
