-- SPDX-License-Identifier: MIT OR GPL-2.0-only
-- Runs encrypted scripts with the key that the script `light` returns: lighten.run(ct, iv). All are hexadecimal text.

local darken, util = require("darken"), require("util")

local lighten = {}

-- What the script returns. A message must not show the key.
function lighten.run(ct, iv)
  local ok, key = pcall(util.hex2bin, require("light"))
  if not ok then error("light: expected the hexadecimal digits of a key", 2) end
  return darken.run(util.hex2bin(ct), util.hex2bin(iv), key)
end

return lighten
