-- SPDX-License-Identifier: MIT OR GPL-2.0-only
-- process: any
local socket = require("socket")
local values = { 0, 1, -1, 1 << 30, "", "\0", ("\255"):rep(8), ("\1"):rep(16), ("\255"):rep(64), ("\0"):rep(4096) }
for _, family in ipairs { 1, 2, 10, 16, 17 } do
  for _, kind in ipairs { 1, 2, 3 } do
    local ok, one = pcall(socket.new, family, kind, 0)
    for _, level in ipairs { 0, 1, 6, 17, 41, 58, 255, 263, 270, -1 } do
      for option = 0, ok and 80 or -1 do
        pcall(one.setsockopt, one, level, option, values[(option * 7 + level) % #values + 1])
      end
    end
  end
end
