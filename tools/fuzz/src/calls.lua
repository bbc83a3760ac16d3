-- SPDX-License-Identifier: MIT OR GPL-2.0-only
-- INPUT as calls: a byte says which function, the next how many arguments, and one for each which value of
-- the pool it is. What a call returns joins the pool, so that objects meet each other's methods.
local functions, pool = {}, {}

local function add(value)
  pool[#pool % 200 + 1] = value
end

local function collect(library)
  local names = {}
  for name in next, library do names[#names + 1] = tostring(name) end
  table.sort(names)
  for _, name in ipairs(names) do
    local value = library[name]
    if type(value) == "function" then functions[#functions + 1] = value end
  end
end

for _, library in ipairs { string, table, math, utf8, coroutine, BINDINGS.data, BINDINGS.packet, BINDINGS.set } do
  collect(library)
end
for _, name in ipairs { "assert", "collectgarbage", "error", "getmetatable", "ipairs", "load", "next", "pairs", "pcall",
  "rawequal", "rawget", "rawlen", "rawset", "select", "setmetatable", "tonumber", "tostring", "type", "xpcall" } do
  functions[#functions + 1] = _G[name]
end
-- What has no name of its own: methods of objects, and operators.
local object = BINDINGS.data.new(64)
for _, name in ipairs { "getbyte", "getint8", "getint16", "getuint32", "getint64", "u16", "u24", "u32", "u64", "getstring",
  "setstring" } do
  functions[#functions + 1] = object[name]
end
local set = BINDINGS.set.labeled { ["blocked.example"] = 1, [".ads.example"] = 6 }
for _, name in ipairs { "match", "question", "hello" } do functions[#functions + 1] = set[name] end
for _, operator in ipairs {
  function(a, b) return a .. b end, function(a, b) return a + b end, function(a, b) return a // b end,
  function(a, b) return a % b end, function(a, b) return a << b end, function(a, b) return a < b end,
  function(a, b) return a == b end, function(a) return #a end, function(a) return -a end,
  function(a, b) return a[b] end, function(a, b, c) a[b] = c end,
} do
  functions[#functions + 1] = operator
end

for _, value in ipairs {
  0, 1, -1, 2, 7, 63, 64, 255, 256, 65535, 1 << 31, -(1 << 31), 1 << 32, math.maxinteger, math.mininteger, true, "", "a",
  "%d%s%q", "(.-)%1[^a]*$", "%b()%f[%w]", ("x"):rep(300), "I4s2z!8<>=", INPUT, object, set, {}, { 1, 2, 3 }, print,
  setmetatable({}, { __index = object, __len = function() return 3 end }),
  coroutine.create(function(...) coroutine.yield(...) end), "k", "return ...",
} do
  add(value)
end
-- The first value that there is not.
pool[#pool + 1] = false

local at = 1
local function byte()
  local value = INPUT:byte(at) or 0
  at = at + 1
  return value
end

while at <= #INPUT do
  local call, count, arguments = functions[byte() % #functions + 1], byte() % 5, {}
  for index = 1, count do
    local choice = byte()
    arguments[index] = choice < 250 and pool[choice % #pool + 1] or nil
  end
  local results = table.pack(pcall(call, table.unpack(arguments, 1, count)))
  for index = 2, math.min(results.n, 4) do
    if results[index] ~= nil then add(results[index]) end
  end
end
