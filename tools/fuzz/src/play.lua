-- SPDX-License-Identifier: MIT OR GPL-2.0-only
-- Bytes as calls: one says which function, the next how many arguments, and one for each which value of a pool
-- it is. What a call returns joins the pool, so that objects meet each other's methods.
-- `calls` counts, `returned` those that raised no error.
local player = { room = 200, calls = 0, returned = 0 }
local functions, pool, objects = {}, {}, {}

-- A value for arguments. Beyond the room it takes the place of another.
local function join(values, room, value)
  if #values < room then
    values[#values + 1] = value
  else
    local oldest = (values.oldest or 0) % room + 1
    values.oldest, values[oldest] = oldest, value
  end
end

function player.value(value)
  if value == nil then return end
  join(pool, player.room, value)
  if type(value) == "userdata" then join(objects, 30, value) end
end

-- All functions of a library, but those that `except` has, in the order of their names.
function player.library(library, except)
  local names = {}
  for name, value in next, library do
    if type(value) == "function" and not (except and except[name]) then names[#names + 1] = name end
  end
  table.sort(names)
  for _, name in ipairs(names) do functions[#functions + 1] = library[name] end
end

local function field(object, name) return object[name] end

-- Methods: of the first argument, or else of an object that has it.
function player.methods(names, except)
  for _, name in ipairs(names) do
    if not (except and except[name]) then
      functions[#functions + 1] = function(first, ...)
        if type(first) == "userdata" then return first[name](first, ...) end
        for _, object in ipairs(objects) do
          local indexed, method = pcall(field, object, name)
          if indexed and type(method) == "function" then return method(object, first, ...) end
        end
      end
    end
  end
end

function player.play(input)
  local at = 1
  local function byte()
    local value = input:byte(at) or 0
    at = at + 1
    return value
  end
  while at <= #input do
    local call, count, arguments = functions[(byte() << 8 | byte()) % #functions + 1], byte() % 5, {}
    for index = 1, count do
      local choice = byte()
      arguments[index] = choice < 250 and pool[choice % #pool + 1] or nil
    end
    local results = table.pack(pcall(call, table.unpack(arguments, 1, count)))
    player.calls = player.calls + 1
    if results[1] then player.returned = player.returned + 1 end
    for index = 2, math.min(results.n, 4) do
      if results[index] ~= nil then player.value(results[index]) end
    end
  end
end

for _, library in ipairs { string, table, math, utf8, coroutine } do player.library(library) end
for _, name in ipairs { "assert", "collectgarbage", "error", "getmetatable", "ipairs", "load", "next", "pairs", "pcall",
  "rawequal", "rawget", "rawlen", "rawset", "select", "setmetatable", "tonumber", "tostring", "type", "xpcall" } do
  functions[#functions + 1] = _G[name]
end
for _, operator in ipairs {
  function(a, b) return a .. b end, function(a, b) return a + b end, function(a, b) return a // b end,
  function(a, b) return a % b end, function(a, b) return a << b end, function(a, b) return a < b end,
  function(a, b) return a == b end, function(a) return #a end, function(a) return -a end,
  function(a, b) return a[b] end, function(a, b, c) a[b] = c end, function(a) local value <close> = a end,
} do
  functions[#functions + 1] = operator
end
for _, value in ipairs {
  0, 1, -1, 2, 7, 63, 64, 255, 256, 65535, 1 << 31, -(1 << 31), 1 << 32, math.maxinteger, math.mininteger, true, false, "", "a",
  "%d%s%q", "(.-)%1[^a]*$", "%b()%f[%w]", ("x"):rep(300), "I4s2z!8<>=", {}, { 1, 2, 3 }, type, "k", "return ...",
  coroutine.create(function(...) coroutine.yield(...) end),
} do
  player.value(value)
end

return player
