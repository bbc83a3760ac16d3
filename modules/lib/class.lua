-- SPDX-License-Identifier: MIT OR GPL-2.0-only
-- Classes: local class = require("class"); local Point = class { x = 0 }; local p = Point:new { x = 1 }.
-- An object finds in its class what it has not itself, and so does a class in the class that
-- made it with `new`. A variable marked <close> calls the method `close` of its object.

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
