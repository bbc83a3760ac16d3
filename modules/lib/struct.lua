-- SPDX-License-Identifier: MIT OR GPL-2.0-only
-- The bytes of a C structure, from its layout, as the modules linux.*.layout have it:
--   { size = bytes, fields = { { name =, offset =, size =, signed = }, ... } }
-- local header = struct(layout.nlmsghdr); header:pack(...), header:unpack(bytes), header.size
-- Numbers are in the host's byte order; a field of more than 8 bytes is a string.

local pack, unpack = string.pack, string.unpack

local struct = {}
struct.__index = struct

local function invalid(what, ...)
  error("struct: " .. what:format(...), 4)
end

-- What string.pack calls a field.
local function item(field)
  if field.size > 8 then return "c" .. field.size end
  return (field.signed and "i" or "I") .. field.size
end

local function format(layout)
  if type(layout) ~= "table" or type(layout.fields) ~= "table" or math.type(layout.size) ~= "integer" then
    invalid("a layout is { size = bytes, fields = { { name =, offset =, size =, signed = }, ... } }")
  end
  local fields = table.move(layout.fields, 1, #layout.fields, 1, {})
  table.sort(fields, function(a, b) return a.offset < b.offset end)
  local items, position = { "=" }, 0
  for _, field in ipairs(fields) do
    if field.size < 1 then invalid("field '%s' has no bytes", field.name) end
    if field.offset < position then invalid("field '%s' overlaps the one before it", field.name) end
    items[#items + 1] = ("x"):rep(field.offset - position) .. item(field)
    position = field.offset + field.size
  end
  if position > layout.size then invalid("fields end at %d, the structure at %d", position, layout.size) end
  items[#items + 1] = ("x"):rep(layout.size - position)
  return table.concat(items)
end

-- The fields' values, in the order of their offsets, as bytes.
function struct:pack(...)
  return pack(self.format, ...)
end

-- The values at a position (1 if not given) of a string, and the position behind the structure.
function struct:unpack(bytes, position)
  return unpack(self.format, bytes, position)
end

-- The bytes of a field, or nil if there is no such field.
function struct:fieldsize(name)
  for _, field in ipairs(self.layout.fields) do
    if field.name == name then return field.size end
  end
  return nil
end

return function(layout)
  return setmetatable({ format = format(layout), size = layout.size, layout = layout }, struct)
end
