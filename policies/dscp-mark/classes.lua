-- SPDX-License-Identifier: MIT OR GPL-2.0-only
-- Classes of traffic, by ports.

local classes = {}

local PROTOCOLS <const> = { tcp = 6, udp = 17 }
-- So many ports can be named, for each is an entry.
local MOST <const> = 4096

-- The class of a name: those of RFC 2474, 2597, 3246, 5865 and 8622, or a number.
local function class(name)
  local selector = name:match("^cs([0-7])$")
  if selector then return tonumber(selector) << 3 end
  local group, drop = name:match("^af([1-4])([1-3])$")
  if group then return tonumber(group) << 3 | tonumber(drop) << 1 end
  local named = ({ ef = 46, va = 44, le = 1 })[name]
  if named then return named end
  local number = tonumber(name:match("^%d%d?$") or "")
  return number and number < 64 and number or nil
end

local function wrong(text)
  return "parameter 'classes': '" .. tostring(text) .. "' is no class: write it as ef udp 3478-3481,5060"
end

-- What the parameter says: a function that tells the class of a protocol's packet by its ports, or nil.
function classes.of(list)
  local ports, count = { [PROTOCOLS.tcp] = {}, [PROTOCOLS.udp] = {} }, 0
  for _, text in ipairs(list) do
    local name, protocol, ranges
    if type(text) == "string" then name, protocol, ranges = text:match("^(%w+) (%l+) ([%d,-]+)$") end
    local value, known = name and class(name), ports[PROTOCOLS[protocol]]
    if not value or not known then error(wrong(text), 2) end
    for range in ranges:gmatch("[^,]+") do
      local from, to = range:match("^(%d+)-(%d+)$")
      from, to = tonumber(from or range), tonumber(to or range)
      if not from or not to or from < 1 or to > 65535 or from > to then error(wrong(text), 2) end
      count = count + to - from + 1
      if count > MOST then error("parameter 'classes': more than " .. MOST .. " ports", 2) end
      for port = from, to do known[port] = value end
    end
  end
  return function(protocol, source, destination)
    local known = ports[protocol]
    if not known or not source then return nil end
    -- An answer has the class of what it answers.
    return known[destination] or known[source]
  end
end

return classes
