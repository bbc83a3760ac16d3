-- SPDX-License-Identifier: MIT OR GPL-2.0-only
-- Every structure whose layout was generated can be packed and unpacked.
local struct = require("struct")

local count = 0
for _, name in ipairs { "socket", "netlink", "genl", "rtnetlink" } do
  for what, layout in pairs(require("linux." .. name .. ".layout")) do
    local record = struct(layout)
    local values = table.pack(record:unpack(("\1"):rep(layout.size)))
    assert(values.n == #layout.fields + 1 and values[values.n] == layout.size + 1, what)
    assert(#record:pack(table.unpack(values, 1, #layout.fields)) == layout.size, what)
    count = count + 1
  end
end
assert(count >= 8, count)

local nlmsghdr = struct(require("linux.netlink.layout").nlmsghdr)
assert(nlmsghdr:pack(16, 3, 1, 7, 9) == string.pack("=I4I2I2I4I4", 16, 3, 1, 7, 9))
