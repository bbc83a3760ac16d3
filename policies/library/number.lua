-- SPDX-License-Identifier: MIT OR GPL-2.0-only
-- A parameter that is an integer from `least` to `most`.
return function(parameters, name, least, most)
  local value = parameters[name]
  if math.type(value) ~= "integer" or value < least or value > most then
    error("parameter '" .. name .. "': '" .. tostring(value) .. "' is no integer from " .. least .. " to " .. most, 2)
  end
  return value
end
