-- SPDX-License-Identifier: MIT OR GPL-2.0-only
-- Bytes that are given to others are the same for all who hold them.
local lunatik, data, packet = require("lunatik"), require("data"), require("packet")
local env = lunatik._ENV
local function raises(pattern, f, ...)
  local ok, message = pcall(f, ...)
  assert(not ok and message:find(pattern, 1, true), tostring(message))
end

local before = collectgarbage("count")
local d = data.new(100000)
d:resize(8)
d:setstring(0, "12345678")
env.bytes = d
local other = env.bytes
assert(#other == 8 and tostring(other) == "12345678" and other:getstring(2, 3) == "345" and other:getstring(6) == "78")
other:setuint16(0, 0x4142)
assert(d:getuint16(0) == 0x4142 and d:getbyte(2) == 0x33 and d:u16(2) == 0x3334)
d:setstring(4, "abcd")
assert(tostring(other) == tostring(d) and other:checksum() == d:checksum() and other:checksum(0, 8) == d:checksum())
assert(d:checksum() ~= data.new(8):checksum())
other:resize(16)
assert(#d == 16 and d:getstring(0, 8) == tostring(other):sub(1, 8) and d:getstring(8) == ("\0"):rep(8))
d:resize(4)
assert(#other == 4)
raises("out of bounds", other.getbyte, other, 4)
raises("out of bounds", other.setuint32, other, 1, 1)
raises("out of bounds", other.getstring, other, 3, 2)
raises("out of bounds", other.setstring, other, 3, "ab")
raises("out of bounds", other.checksum, other, 5)
raises("out of range", d.getstring, d, -1)
-- What reads bytes itself does not read these.
raises("out of bounds", function() return d[0] end)
raises("out of bounds", function() other[0] = 1 end)
raises("string or data expected", packet.ports, d)
local set = require("set").new { "x" }
raises("string or data expected", set.has, set, d, 0, 1)

-- They are nobody's memory any more, and there is a bound for all.
env.bytes, other = nil, nil
d:resize(1 << 20)
assert(collectgarbage("count") < before + 50000)
raises("at most 1048576 bytes can be shared", d.resize, d, (1 << 20) + 1)
raises("at most 1048576 bytes can be shared", function() env.bytes = data.new((1 << 20) + 1) end)
local many, refused = {}, nil
for i = 1, 20 do
  local ok, message = pcall(function()
    many[i] = data.new(1 << 20)
    env.bytes = many[i]
  end)
  if not ok then refused = message break end
end
assert(refused and refused:find("luadata's parameter 'memory'", 1, true), refused)
many[#many]:setbyte(0, 7)
assert(#many[#many] == 1 << 20 and many[#many][0] == 7, "what cannot be shared stays as it is")
env.bytes, many, d = nil, nil, nil
collectgarbage()

-- Others have them as an argument, in each state, and when this script has gone.
d = data.new(16)
local hook = lunatik.runtime("shared/hook", "softirq")
assert(hook:resume(d) == 0)
assert(d:getint64(8) == 2, "both states have them")
env.bytes, env.hook = d, hook
