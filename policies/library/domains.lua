-- SPDX-License-Identifier: MIT OR GPL-2.0-only
-- Sets of domains: a domain is in the set with everything below it.

local set = require("set")

local domains = {}

-- The label of what the owner names: it is of each category.
local EVERY <const> = -1

local function labels(list)
  if type(list) ~= "table" then error("parameter 'domains' must be a list of names", 3) end
  local names = {}
  for _, domain in ipairs(list) do
    if type(domain) ~= "string" or not domain:find("^[%w_-][%w_.-]*$") then
      error("parameter 'domains': '" .. tostring(domain) .. "' is no domain: write it as example.org", 3)
    end
    names[domain:gsub("%.$", ""):lower()] = EVERY
  end
  return set.labeled(names)
end

-- Two sets as one.
local Both = {}
Both.__index = Both

for _, method in ipairs { "question", "hello" } do
  Both[method] = function(self, ...)
    local label, more = self[1][method](self[1], ...)
    if label ~= 0 then return label, more end
    return self[2][method](self[2], ...)
  end
end

-- The set of the parameters `domains` (a list of names), `list` (a file that `lunagate list
-- compile` made; none if empty), or both. It has two methods, which take bytes, then perhaps an offset and how
-- many, and return 0 for a name that is not in the set and another integer for one that is:
-- `question` for the name that a DNS query asks for, nil if the bytes are none; `hello` for the
-- host of a TLS ClientHello, nil if the bytes begin none, nil and true if more bytes would tell.
function domains.of(parameters)
  local named = parameters.domains and labels(parameters.domains)
  local list = parameters.list
  if not list or list == "" then
    return named or error("parameters 'domains' and 'list' are missing: one must say what is blocked", 2)
  end
  if type(list) ~= "string" then error("parameter 'list' must be the path of a file", 2) end
  local listed = set.load(list)
  return named and setmetatable({ named, listed }, Both) or listed
end

-- Which bits of labels are those of the parameter `categories`, a list of numbers; all if it is empty or not there.
function domains.categories(parameters)
  local list, bits = parameters.categories or {}, 0
  if type(list) ~= "table" then error("parameter 'categories' must be a list of numbers", 2) end
  for _, number in ipairs(list) do
    if math.type(number) ~= "integer" or number < 0 or number > 63 then
      error("parameter 'categories': '" .. tostring(number) .. "' is no category: write its number, 0 to 63, as the list has it "
        .. "(lunagate list inspect)", 2)
    end
    bits = bits | 1 << number
  end
  return bits == 0 and EVERY or bits
end

return domains
