-- SPDX-License-Identifier: MIT OR GPL-2.0-only
-- Frames as interfaces have them.

local socket = require("socket")
local af, sock, eth = require("linux.socket.af"), require("linux.socket.sock"), require("linux.eth")

local raw = {}

-- A socket that gets the frames of an EtherType (all if not given) at an interface (all if not given), from
-- their Ethernet header on, and sends such with send(frame, ethertype, ifindex).
function raw.bind(proto, ifindex)
  -- Without a protocol it gets no frame before it is bound.
  local bound = socket.new(af.PACKET, sock.RAW, 0)
  local ok, problem = pcall(bound.bind, bound, proto or eth.ALL, ifindex or 0)
  if not ok then
    bound:close()
    error(problem, 0)
  end
  return bound
end

return raw
