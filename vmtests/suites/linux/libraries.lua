-- SPDX-License-Identifier: MIT OR GPL-2.0-only
-- Addresses and bytes as text, classes.
local net, util, class = require("net"), require("util"), require("class")
assert(net.aton("192.168.1.254") == 0xc0a801fe and net.ntoa(0x0a000001) == "10.0.0.1")
for _, wrong in ipairs { "1.2.3", "1.2.3.256", "1.2.3.4.5", "", "a.b.c.d" } do
  local ok, address = pcall(net.aton, wrong)
  assert(not ok or address == nil, wrong)
end
assert(net.ntoa6(net.aton6("2001:db8:0:0:1:0:0:1")) == "2001:db8::1:0:0:1")
assert(net.aton6("::1") == ("\0"):rep(15) .. "\1")
assert(util.bin2hex("\0\1\254\255") == "0001feff" and util.hex2bin("0001feff") == "\0\1\254\255")
local Animal = class()
function Animal:sound() return self.says or "nothing" end
local closed = 0
function Animal:close() closed = closed + 1 end
local Dog = Animal:new { says = "woof" }
do
  local rex <close> = Dog:new()
  assert(rex:sound() == "woof" and Animal:new():sound() == "nothing" and closed == 0)
end
assert(closed == 1)
