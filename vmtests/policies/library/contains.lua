-- SPDX-License-Identifier: MIT OR GPL-2.0-only
-- Whether a list has a value.

return function(list, value)
  for _, one in ipairs(list) do
    if one == value then return true end
  end
  return false
end
