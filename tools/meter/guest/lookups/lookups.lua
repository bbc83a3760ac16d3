-- SPDX-License-Identifier: MIT OR GPL-2.0-only
-- What a lookup costs in instructions: the guest's clock advances by a nanosecond with each. `asked` says
-- which lists there are, with some of their members and some that they have not.
local linux, lpm, set = require("linux"), require("lpm"), require("set")
local time = linux.time

local ROUNDS <const> = 100

-- A call of the method for each of those in turn: of many rounds the cheapest, which no interrupt fell into.
local function cost(method, object, those)
  local least = math.maxinteger
  for _ = 1, ROUNDS do
    local start = time()
    for i = 1, #those do method(object, those[i]) end
    least = math.min(least, time() - start)
  end
  return least / #those
end

local function below(names)
  local longer = {}
  for i, name in ipairs(names) do longer[i] = "www." .. name end
  return longer
end

local function row(what, asks, object, those, expected)
  for _, one in ipairs(those) do assert((object:match(one) or 0) == expected, what) end
  -- As many of each list, so that what is around them costs as much.
  while #those < 100 do those[#those + 1] = those[1] end
  local whole = cost(object.match, object, those)
  -- A method that looks nothing up costs what the call does.
  print(("%-24s %-28s %8d %8d"):format(what, asks, whole - cost(object.memory, object, those), whole))
end

local function addresses(texts)
  local bytes = {}
  for i, text in ipairs(texts) do bytes[i] = lpm.address(text) end
  return bytes
end

print(("%-24s %-28s %8s %8s"):format("set", "asked for", "lookup", "call"))
for _, list in ipairs(require("asked")) do
  local file = ("lists/%s-%d.list"):format(list.kind, list.size)
  if list.kind == "dns" then
    local what, names = ("%d names"):format(list.size), set.load(file)
    row(what, "a name of the set", names, list.inside, 1)
    row(what, "a name below one of the set", names, below(list.inside), 1)
    row(what, "another name", names, list.outside, 0)
    row(what, "a name below another", names, below(list.outside), 0)
    row(what, "253 characters, 127 parts", names, { ("x."):rep(126) .. "x" }, 0)
  else
    local what, nets = ("%d %s addresses"):format(list.size, list.kind), lpm.load(file)
    row(what, "an address of the set", nets, addresses(list.inside), 1)
    row(what, "another address", nets, addresses(list.outside), 0)
  end
end
