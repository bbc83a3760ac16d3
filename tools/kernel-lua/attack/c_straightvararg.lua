-- SPDX-License-Identifier: MIT OR GPL-2.0-only
local f = load("local a " .. ("a = { ... } "):rep(1500))
while true do f(table.unpack({}, 1, 2000)) end
