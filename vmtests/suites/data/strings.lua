-- SPDX-License-Identifier: MIT OR GPL-2.0-only
-- Strings go in and out, whatever bytes they have; resize keeps what still fits.
local d = require("data").new(10)
d:setstring(2, "a\0\255z")
assert(d:getstring(2, 4) == "a\0\255z" and d:getstring(2) == "a\0\255z\0\0\0\0" and d:getstring(10) == "")
assert(d:getstring(0, 0) == "" and #tostring(d) == 10)
d:resize(4)
assert(#d == 4 and tostring(d) == "\0\0a\0")
d:resize(6)
assert(tostring(d) == "\0\0a\0\0\0", "what is new is zero")
d:setstring(0, "")
assert(tostring(d) == "\0\0a\0\0\0")
