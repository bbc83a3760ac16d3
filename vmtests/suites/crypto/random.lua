-- SPDX-License-Identifier: MIT OR GPL-2.0-only
-- Random bytes are as many as were asked for, others each time, and of all values.
local rng = require("crypto.rng")
local random <close> = rng.new()
local seen, values, count = {}, {}, 0
for _ = 1, 200 do
  local bytes = random:getbytes(32)
  assert(#bytes == 32 and not seen[bytes])
  seen[bytes] = true
  for i = 1, 32 do
    local value = bytes:byte(i)
    if not values[value] then values[value], count = true, count + 1 end
  end
end
-- Of 6400 bytes, that some five values are missing happens less than once in 10^20 times.
assert(count > 250, count)
assert(type(random:info().driver_name) == "string" and #random:generate(7, "seed") == 7)
assert(not pcall(random.getbytes, random, 0) and not pcall(random.getbytes, random, 65537))
local ok, message = pcall(rng.new, "no-such-generator")
assert(not ok and message == "ENOENT")
