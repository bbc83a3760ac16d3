-- SPDX-License-Identifier: MIT OR GPL-2.0-only
-- The Internet checksum: the example of RFC 1071, and a header of IPv4 that is known to be right.
local d = require("data").new(8)
d:setstring(0, "\x00\x01\xf2\x03\xf4\xf5\xf6\xf7")
assert(d:checksum() == ~0xddf2 & 0xffff)
assert(d:checksum(0, 4) == ~0xf204 & 0xffff and d:checksum(2, 2) == ~0xf203 & 0xffff)
local sum = 0x0001 + 0xf203 + 0xf4f5 + 0xf600
assert(d:checksum(0, 7) == ~((sum & 0xffff) + (sum >> 16)) & 0xffff, "an odd byte is a word's upper one")
local header = require("data").new(20)
header:setstring(0, "\x45\x00\x00\x73\x00\x00\x40\x00\x40\x11\xb8\x61\xc0\xa8\x00\x01\xc0\xa8\x00\xc7")
assert(header:checksum() == 0)
header:setuint16(10, 0)
assert(header:checksum() == 0xb861)
