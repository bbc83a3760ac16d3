-- SPDX-License-Identifier: MIT OR GPL-2.0-only
-- process: out of fuel
local file, bytes = io.open("/tmp/endless", "w+"), ("x"):rep(10000)
while true do
  file:seek("set")
  file:write(bytes)
  file:seek("set")
  file:read("a")
end
