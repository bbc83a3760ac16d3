-- SPDX-License-Identifier: MIT OR GPL-2.0-only
-- A script that gives its socket's connections to another script, with what that would be granted.
-- process: ran
local socket = require("socket")
local TCP_ULP <const>, SOL_LUA <const> = 31, 999
local s = socket.new(2, 1, 6)
s:setsockopt(6, TCP_ULP, "lua")
assert(not pcall(s.setsockopt, s, 6, TCP_ULP, "lua"))
for option = -1, 9 do
  for _, value in ipairs { "", "f", "attack/guard", "function f() end", 1, -1 } do
    local ok, message = pcall(s.setsockopt, s, SOL_LUA, option, value)
    assert(not ok and message:find("EOPNOTSUPP"), message)
  end
end
s:bind(0x7f000001, 0)
s:listen()
s:close()
