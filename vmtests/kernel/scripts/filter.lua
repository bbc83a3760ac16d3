-- SPDX-License-Identifier: MIT OR GPL-2.0-only
-- Judges pings to loopback by their destination's last byte.
local netfilter = require("netfilter")
local byteorder = require("byteorder")

local kept

netfilter.register {
  pf = 2, hooknum = 1, priority = 0, -- IPv4, LOCAL_IN
  hook = function(skb)
    local stale = kept and #kept or 0 -- of an earlier packet, nothing may be left
    local packet = skb:data("net")
    if packet:getuint8(9) ~= 1 then return 1 end
    local last = packet:getuint8(19)
    if last == 2 then return 0 end                               -- drop
    if last == 3 then error("on purpose") end
    if last == 4 then while true do end end                      -- out of fuel
    if last == 5 then return packet:getuint8(#packet) end        -- out of bounds
    if last == 6 then kept = packet return 1 end
    if last == 7 then return stale == 0 and 1 or 0 end
    if last == 8 then return byteorder.ntoh16(packet:getuint16(2)) == #skb and 1 or 0 end
    if last == 9 then return "accept" end                        -- no verdict
    if last == 10 then return packet:checksum(0, 20) == 0 and 1 or 0 end
    if last == 11 then return 5 end                              -- stop: goes on
    if last == 12 then return 4 end                              -- repeat: no verdict
    if last == 13 then return 2 end                              -- stolen: no verdict
    return 1
  end,
}
