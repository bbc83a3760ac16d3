-- SPDX-License-Identifier: MIT OR GPL-2.0-only
-- What the library `class` promises. Runs in the kernel and on the host.
local class = require("class")

local Point = class { x = 1 }
function Point:sum() return self.x + self.y end
local point = Point:new { y = 2 }
assert(point:sum() == 3 and rawget(point, "x") == nil)
point.x = 5
assert(point:sum() == 7 and Point:new { y = 2 }:sum() == 3)
assert(getmetatable(Point:new()) == Point)

-- a class from a class
local Named = Point:new()
function Named:sum() return -Point.sum(self) end
function Named:name() return "named" end
local named = Named:new { y = 4 }
assert(named:sum() == -5 and named:name() == "named" and Point.name == nil)
assert(class().new ~= nil)

-- <close> calls the method `close`, once
local closed = 0
local File = class {}
function File:close() closed = closed + 1 end
do
  local file <close> = File:new()
  assert(closed == 0)
end
assert(closed == 1)
