-- SPDX-License-Identifier: MIT OR GPL-2.0-only
-- Judges pings to loopback by their destination's last byte.
local netfilter = require("netfilter")
local byteorder = require("byteorder")

local kept, copy, bytes

local handle = netfilter.register {
  pf = 2, hooknum = 1, priority = 0, -- IPv4, LOCAL_IN
  hook = function(skb)
    -- of an earlier packet, nothing may be left
    local stale = kept and #kept + (pcall(function() return kept[0] end) and 1 or 0) or 0
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
    if last == 14 then copy = skb:copy() copy:data():setuint8(19, 99) return packet:getuint8(19) == 14 and 1 or 0 end
    if last == 15 then -- a copy outlives its packet, and its bytes outlive the last word of it
      bytes, copy = copy:data(), nil
      collectgarbage() collectgarbage()
      return bytes:getuint8(19) == 99 and 1 or 0
    end
    if last == 16 then -- a window ends where its bytes may move; scripts cannot end an object
      local other = skb:copy()
      local window = other:data()
      other:resize(1000)
      local grown = #other == 1000 and #window == 0 and #other:data() == 1000
      return grown and other.__gc == nil and window.__gc == nil and 1 or 0
    end
    if last == 17 then local copies = {} while true do copies[#copies + 1] = skb:copy() end end
    if last == 18 then -- the header's checksum, anew
      packet:setuint8(8, packet:getuint8(8) - 1)
      local broken = packet:checksum(0, 20) ~= 0
      skb:checksum()
      return broken and skb:data():checksum(0, 20) == 0 and 1 or 0
    end
    if last == 19 then -- of a packet that contradicts itself there is none
      packet:setuint8(0, 0x44)
      local refused = not pcall(skb.checksum, skb)
      skb:data():setuint8(0, 0x45)
      return refused and 1 or 0
    end
    return 1
  end,
}
assert(type(handle) == "userdata" and not pcall(function() return handle.hook() end))
