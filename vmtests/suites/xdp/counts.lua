-- SPDX-License-Identifier: MIT OR GPL-2.0-only
-- Counts pings by who sent them, in a map; and drops those whose sender another map has.
local xdp, action, bpf = require("xdp"), require("linux.xdp"), require("bpf")
local counts, blocked = bpf.hash("/sys/fs/bpf/counts"), bpf.hash("/sys/fs/bpf/blocked")
xdp.attach(function(packet)
  if packet:u16(12) ~= 0x0800 or packet[23] ~= 1 then return action.PASS end
  local sender = packet:getstring(26, 4)
  if blocked:lookup(sender) then return action.DROP end
  local before = counts:lookup(sender)
  counts:update(sender, string.pack("=I8", before and string.unpack("=I8", before) + 1 or 1))
  return action.PASS
end)
