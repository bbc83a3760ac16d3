-- SPDX-License-Identifier: MIT OR GPL-2.0-only
-- process: any
-- What no protocol means, for each of netlink's.
local socket = require("socket")
for protocol = 0, 31 do
  local ok, one = pcall(socket.new, 16, 3, protocol)
  if ok then
    for _, length in ipairs { 0, 15, 16, 17, 1 << 31, -1 } do
      for kind = 0, 40, 3 do
        local message = string.pack("=i4I2I2I4I4", length, kind, 0x301, 0, 0) .. ("\255"):rep(64)
        pcall(one.send, one, message:sub(1, 40 + kind))
        pcall(one.receive, one, 100, 64)
      end
    end
    one:close()
  end
end
