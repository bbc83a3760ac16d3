-- SPDX-License-Identifier: MIT OR GPL-2.0-only
-- Holds what the rows of modules/contexts.list say against what the kernel does: contexts(rows, own, loading) raises an
-- error if a call is refused that a script of the context `own` may do, or the other way round.
local function is_refused(call)
  local ok, message = pcall(call)
  message = tostring(message)
  return not ok and (message:find("context mismatch", 1, true) or message:find("may sleep", 1, true)) ~= nil, message
end

return function(rows, own, loading)
  for _, row in ipairs(rows) do
    local context, name, call = table.unpack(row)
    local allowed = context == own or context == "loading"
    allowed = allowed and (loading or own == "process")
    local refused, message = is_refused(call)
    local place = own .. (loading and ", loading: " or ", in a hook: ") .. name
    if allowed and refused then error(place .. " is refused: " .. message, 0) end
    if not allowed and not refused then error(place .. " is not refused: " .. message, 0) end
  end
end
