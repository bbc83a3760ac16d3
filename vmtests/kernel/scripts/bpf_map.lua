-- SPDX-License-Identifier: MIT OR GPL-2.0-only
-- What the library `bpf.map` promises, in any context, of the maps of bpf.lua.
local map = require("bpf.map")
local struct = require("struct")

local function raises(pattern, f, ...)
  local ok, message = pcall(f, ...)
  assert(not ok and message:find(pattern, 1, true), tostring(message))
end

local function path(name) return "/sys/fs/bpf/" .. name end

do
  local t <close> = map.hash(path("hash"), "I4", "I8")
  for key in pairs(t) do t[key] = nil end
  assert(t[1] == nil)
  t[1], t[0xffffffff] = 42, math.maxinteger
  assert(t[1] == 42 and t[0xffffffff] == math.maxinteger)
  t[1] = t[1] + 1
  assert(t[1] == 43)
  t[1] = nil
  t[1] = nil -- what is not there may be deleted
  assert(t[1] == nil)
  -- pairs shows each once, and lets each be deleted
  t[0xffffffff] = nil
  for i = 1, 16 do t[i] = i * i end
  local seen, sum = {}, 0
  for key, value in pairs(t) do
    assert(not seen[key] and value == key * key)
    seen[key], sum = true, sum + key
    t[key] = nil
  end
  assert(sum == 136 and next(map.info(t)) and pairs(t)() == nil)
  raises("the map is full", function() for i = 1, 17 do t[i] = i end end)
  for key in pairs(t) do t[key] = nil end
  raises("number expected", function() return t.x end)
  assert(map.info(t).max_entries == 16)
end

-- names of functions are keys like others
do
  local t <close> = map.lru_hash(path("lru_hash"), "c4", "I4I4")
  t.info, t.clos = { 1, 2 }, { 3, 4 }
  assert(t.info[1] == 1 and t.info[2] == 2 and #t.info == 2 and t.clos[2] == 4)
  t.info, t.clos = nil, nil
  assert(t.info == nil)
end

do
  local point = struct { size = 8, fields = {
    { name = "x", offset = 0, size = 4, signed = true }, { name = "y", offset = 4, size = 4, signed = true },
  } }
  local t <close> = map.array(path("array"), "I4", point)
  t[3] = { -1, 7 }
  assert(t[3][1] == -1 and t[3][2] == 7 and #t[3] == 2 and t[99] == nil)
  t[3] = { 0, 0 }
  local count = 0
  for key, value in pairs(t) do
    assert(key == count and value[1] == 0)
    count = count + 1
  end
  assert(count == 16)
end

for name, order in pairs { queue = { 1, 2 }, stack = { 2, 1 } } do
  local q <close> = map[name](path(name), "i8")
  while q:pop() do end
  assert(q:push(-1) and q:push(-2))
  assert(q:peek() == -order[1] and q:pop() == -order[1] and q:pop() == -order[2])
  assert(q:pop() == nil and q:peek() == nil and q:info().value_size == 8)
  for _ = 1, 16 do assert(q:push(0)) end
  assert(q:push(0) == false and q:push(0, 2) == true)
  while q:pop() do end
end

raises("the key spec packs 2 bytes, the map's keys have 4", map.hash, path("hash"), "I2", "I8")
raises("the value spec packs 4 bytes, the map's values have 8", map.hash, path("hash"), "I4", "I4")
raises("the value spec is neither", map.hash, path("hash"), "I4")
raises("the value spec is neither", map.hash, path("hash"), "I4", {})
raises("variable-length format", map.hash, path("hash"), "s", "I4")
raises("the value spec packs 4 bytes", map.queue, path("queue"), "I4")
raises("is a map of type hash", map.queue, path("hash"), "I8")

local t = map.hash(path("hash"), "I4", "I8")
map.close(t)
raises("invalid or closed object", map.info, t)
raises("invalid or closed object", function() return t[1] end)
raises("this is no map as a table", map.info, {})
raises("this is no map as a table", map.close, 1)
local escaped
do
  local q <close> = map.queue(path("queue"), "I8")
  escaped = q
end
raises("invalid or closed object", escaped.pop, escaped)
