-- SPDX-License-Identifier: MIT OR GPL-2.0-only
-- process: out of fuel
-- softirq: out of fuel
-- hook: fails
-- A ClientHello in one record, of thousands of extensions without a name: each look at it goes through them all.
local packet = require("packet")
local extensions = ("\xff\0\0\0"):rep(4080)
local body = "\3\3" .. ("r"):rep(32) .. "\0\0\2\19\1\1\0" .. (">s2"):pack(extensions)
local hello = "\1\0" .. (">s2"):pack(body)
local stream = "\22\3\1" .. (">s2"):pack(hello)
for _ = 1, 300 do assert(not packet.sni(stream)) end
return 1
