-- SPDX-License-Identifier: MIT OR GPL-2.0-only
-- The first bytes of TCP streams, judged as soon as they are enough.
--
-- A stream is followed from its SYN, or from a first segment that is not enough, until its
-- verdict. Segments that bring too little go on; the one that completes what must not pass
-- is dropped, and so is each time that it is sent again. A segment that is ahead of a stream
-- without a verdict is dropped too, for its sender to send it again in order. There is one
-- table of streams per CPU, for the scripts have one state per CPU: a stream that changes
-- its CPU in these few packets looks like a gap, so gaps are forgiven after some.

local stream = {}

local SYN = 2
local GAPS = 3

-- What names the flow of a packet, one direction of it: addresses and ports, as bytes. `header` is
-- where its transport header begins.
local function flow_of(packet, header)
  local ports = packet:getstring(header, 4)
  if packet[0] >> 4 == 4 then return packet:getstring(12, 8) .. ports end
  return packet:getstring(8, 32) .. ports
end

-- The function that tells whether to drop a TCP packet, given `data` from its IP header on and where
-- the TCP header and the payload begin (`packet.ports` says it), and whether that is the verdict on
-- the stream: its later bytes do not change it.
-- options.judge(bytes, at, length): what a stream begins with, so many bytes from an offset of
--   `data` or of a string; true to drop, false to pass, nil when more bytes would tell.
-- options.begins(byte): whether a stream can begin so; saves work on streams not followed.
-- options.streams: how many are followed at once; the oldest gives way (default 64).
-- options.limit: bytes of a stream without verdict after which it passes (default 8192).
function stream.new(options)
  local judge, begins = options.judge, options.begins
  local most, limit = options.streams or 64, options.limit or 8192
  local streams, followed = {}, 0
  -- Flows in the order in which they were begun, each in the slot that its stream names.
  local ring, slot = {}, 0

  local function forget(flow)
    streams[flow] = nil
    followed = followed - 1
  end

  local function follow(flow, position, bytes)
    if streams[flow] then forget(flow) end
    slot = slot % most + 1
    local oldest = ring[slot]
    if oldest and streams[oldest] and streams[oldest].slot == slot then forget(oldest) end
    ring[slot] = flow
    streams[flow] = { slot = slot, position = position, bytes = bytes, gaps = 0 }
    followed = followed + 1
  end

  -- The bytes are of a followed stream.
  local function more(flow, known, position, bytes)
    -- Positions count modulo 2^32.
    local ahead = position - known.position & 0xffffffff
    if ahead >= 1 << 31 then
      local seen = (1 << 32) - ahead
      if seen >= #bytes then return false, false end
      position, bytes = known.position, bytes:sub(seen + 1)
    elseif ahead > 0 then
      known.gaps = known.gaps + 1
      if known.gaps <= GAPS then return true, false end
      forget(flow)
      return false, false
    end
    local all = known.bytes .. bytes
    local verdict = judge(all, 0, #all)
    if verdict then return true, true end
    if verdict == false or #all >= limit then
      forget(flow)
      return false, true
    end
    known.position, known.bytes, known.gaps = position + #bytes, all, 0
    return false, false
  end

  return function(packet, header, payload)
    if not payload then return false, false end
    local length = #packet - payload
    local syn = packet[header + 13] & SYN ~= 0
    if length == 0 and not syn then return false, false end
    local strange = length > 0 and begins and not begins(packet[payload])
    if strange and not syn and followed == 0 then return false, false end

    local flow, position, known
    if syn or followed > 0 then
      flow = flow_of(packet, header)
      position = packet:u32(header + 4)
      if syn then
        position = position + 1
        follow(flow, position, "")
        if length == 0 then return false, false end
      end
      known = streams[flow]
    end
    if length > limit then length = limit end
    if known then return more(flow, known, position, packet:getstring(payload, length)) end
    if strange then return false, false end

    -- A stream begins with these, as far as we know.
    local verdict = judge(packet, payload, length)
    if verdict == nil and length < limit then
      follow(flow or flow_of(packet, header), packet:u32(header + 4) + length, packet:getstring(payload, length))
      return false, false
    end
    return verdict == true, true
  end
end

return stream
