-- SPDX-License-Identifier: MIT OR GPL-2.0-only
-- Bytes in pieces have the digest that they have as a whole; a state that was exported goes on elsewhere.
local shash = require("crypto.shash")
local one <close> = shash.new("sha256")
local other <close> = shash.new("sha256")
local text = ("The quick brown fox jumps over the lazy dog. "):rep(50)
local whole = one:digest(text)
assert(#whole == one:digestsize() and whole ~= one:digest(text .. "x"))
one:init()
for i = 1, #text, 7 do one:update(text:sub(i, i + 6)) end
assert(one:final() == whole)
one:init()
one:update(text:sub(1, 100))
other:import(one:export())
assert(other:finup(text:sub(101)) == whole and one:finup(text:sub(101)) == whole)
assert(not pcall(one.update, one, "x"), "after the end")
assert(not pcall(other.import, other, ("\0"):rep(#one:digest("") * 4)), "a state that nobody exported")
