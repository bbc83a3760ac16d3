-- SPDX-License-Identifier: MIT OR GPL-2.0-only
-- Sets of domains: a domain is in the set with everything below it.

local domains = {}

-- No name is longer (RFC 1035, 2.3.4); of what claims to be, the end counts.
local LONGEST_NAME = 255

local function plain(name)
  if name:sub(-1) == "." then name = name:sub(1, -2) end
  return name:lower()
end

-- The function that tells whether a name is in the set of these domains.
function domains.set(list)
  if type(list) ~= "table" then error("parameter 'domains' must be a list of names", 2) end
  local set, longest = {}, 0
  for _, domain in ipairs(list) do
    if type(domain) ~= "string" or not domain:find("^[%w_-][%w_.-]*$") then
      error("parameter 'domains': '" .. tostring(domain) .. "' is no domain: write it as example.org", 2)
    end
    domain = plain(domain)
    set[domain] = true
    longest = math.max(longest, #domain)
  end

  return function(name)
    name = plain(name:sub(-LONGEST_NAME))
    local size, at = #name, 1
    while at do
      if size - at < longest and set[name:sub(at)] then return true end
      local dot = name:find(".", at, true)
      at = dot and dot + 1
    end
    return false
  end
end

return domains
