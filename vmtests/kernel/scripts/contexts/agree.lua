-- SPDX-License-Identifier: MIT OR GPL-2.0-only
-- Holds what the rows of tools/author/src/check/contexts.list say against what the kernel does: agree(rows, own, loading) raises an
-- error if calls are refused that a script of the context `own` may do, or the other way round.
local refusals = { "context mismatch", "may sleep", "while the script loads", "rules need one state", "attempt to call a nil value" }

local function refusal(call)
  local ok, message = pcall(call)
  message = tostring(message)
  for _, text in ipairs(refusals) do
    if not ok and message:find(text, 1, true) then return true, message end
  end
  return false, message
end

return function(rows, own, loading)
  local differences = {}
  for _, row in ipairs(rows) do
    local context, name, call = table.unpack(row)
    local everywhere = context == "loading" or context == "packets" and own ~= "hardirq"
    local allowed = (context == own or everywhere) and (loading or own == "process")
    local refused, message = refusal(call)
    if allowed == refused then
      differences[#differences + 1] = name .. (refused and " is refused: " or " is not refused: ") .. message
    end
  end
  local place = own .. (loading and ", loading: " or ", in a hook: ")
  if #differences > 0 then error(place .. table.concat(differences, "; "), 0) end
end
