-- SPDX-License-Identifier: MIT OR GPL-2.0-only
-- What was compressed is smaller, and as it was once it is decompressed.
local comp = require("crypto.comp")
local text = ("All work and no play makes Jack a dull boy.\n"):rep(100)
for _, name in ipairs { "deflate", "lzo", "lz4", "zstd" } do
  local packer <close> = comp.new(name)
  local packed = packer:compress(text, #text)
  assert(#packed < #text // 4, name .. ": " .. #packed)
  assert(packer:decompress(packed, #text) == text, name)
  assert(not pcall(packer.decompress, packer, packed, 10), name .. " writes beyond its bound")
end
