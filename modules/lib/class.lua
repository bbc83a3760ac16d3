-- SPDX-License-Identifier: MIT OR GPL-2.0-only
-- Classes: local class = require("class"); local Point = class { x = 0 }; local p = Point:new { x = 1 }.
-- An object finds in its class what it has not itself, and so does a class in the class that
-- made it with `new`. A variable marked <close> calls the method `close` of its object.
--
-- # class, struct, util, net
--
-- Libraries in Lua, for every context.
--
-- | function | |
-- |---|---|
-- | `class([t])` | makes `t` a class: `C:new([object])`; its method `close`, if it has one, is called for variables marked `<close>`; a class that `new` made inherits |
-- | `struct(layout)` | `s:pack(...)`, `s:unpack(bytes[, position])` (the values, and the position behind them), `s:fieldsize(name)`, `s.size`; values in the order of their offsets, in the host's byte order; a field of more than 8 bytes is a string |
-- | `util.bin2hex(s)`, `util.hex2bin(s)` | `"\1\255"` is `"01ff"` |
-- | `util.log(what, ...)`, `util.test(name, f)` | lines in the kernel's log: `WHAT`, then the values; `PASS` or `FAIL` |
-- | `net.aton(text)`, `net.ntoa(n)` | IPv4: `"10.0.0.1"` is `0x0a000001` |
-- | `net.aton6(text)`, `net.ntoa6(bytes)` | IPv6: 16 bytes, as packets have them; text as in RFC 5952 (new) |
--
-- ```lua process
-- local net, util = require("net"), require("util")
-- assert(net.ntoa(net.aton("10.0.0.1")) == "10.0.0.1" and util.bin2hex("\1\255") == "01ff")
-- local Counter = require("class") { count = 0 }
-- function Counter:add() self.count = self.count + 1 return self.count end
-- assert(Counter:new():add() == 1)
-- ```

local function new(self, object)
  self.__index = self
  self.__close = self.close
  return setmetatable(object or {}, self)
end

-- Makes a table a class, or a new one.
return function(class)
  class = class or {}
  class.new = new
  return class
end
