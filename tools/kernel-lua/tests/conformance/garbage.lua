-- SPDX-License-Identifier: MIT OR GPL-2.0-only
-- The collector: weak tables, finalizers, collectgarbage.

local function count(t) local n = 0 for _ in pairs(t) do n = n + 1 end return n end
local function collect() collectgarbage() collectgarbage() end

case("collectgarbage('count') is the memory in use, in bytes (the manual's KiB)", function()
  collect()
  local before = collectgarbage("count")
  same(math.type(before), "integer")
  local kept = table.create(1000)
  local grown = collectgarbage("count") - before
  same(grown >= 8000 and grown < 24000, true)
  kept = nil
  collect()
  same(collectgarbage("count") < before + 1000, true)
end)

case("collectgarbage stops, restarts, steps and collects", function()
  same(collectgarbage("isrunning"), true)
  same(collectgarbage("stop"), 0)
  same(collectgarbage("isrunning"), false)
  same(collectgarbage("restart"), 0)
  same(collectgarbage("isrunning"), true)
  same(collectgarbage("collect"), 0)
  same(collectgarbage(), 0)
  local cycles = 0
  for i = 1, 1000 do if collectgarbage("step") then cycles = cycles + 1 end end
  same(cycles > 0, true)
  same(type(collectgarbage("step", 100)), "boolean")
end)

case("collectgarbage changes its mode and its parameters", function()
  local mode = collectgarbage("generational")
  same(mode == "incremental" or mode == "generational", true)
  same(collectgarbage("incremental"), "generational")
  same(collectgarbage("generational"), "incremental")
  collectgarbage(mode)
  for _, name in ipairs { "pause", "stepmul", "stepsize", "minormul", "majorminor", "minormajor" } do
    local value = collectgarbage("param", name)
    same(math.type(value), "integer")
    same(collectgarbage("param", name, value), value)
  end
  local pause = collectgarbage("param", "pause", 150)
  same(collectgarbage("param", "pause", pause), 150)
end)

case("collectgarbage refuses what it does not know", function()
  raises("bad argument #1 to 'collectgarbage' (invalid option 'sweep')", collectgarbage, "sweep")
  raises("bad argument #2 to 'collectgarbage' (invalid option 'x')", collectgarbage, "param", "x")
  raises("bad argument #2 to 'collectgarbage' (string expected, got no value)", collectgarbage, "param")
  raises("bad argument #1 to 'collectgarbage' (string expected, got table)", collectgarbage, {})
end)

case("__mode 'v' lets values go", function()
  local t = setmetatable({}, { __mode = "v" })
  local kept = {}
  t.kept, t.lost, t[1], t.text, t.number = kept, {}, {}, "text", 5
  collect()
  gives({ n = 5, kept, nil, nil, "text", 5 }, t.kept, t.lost, t[1], t.text, t.number)
end)

case("__mode 'k' lets keys go, with what only they lead to", function()
  local t = setmetatable({}, { __mode = "k" })
  local kept = {}
  t[kept], t[{}], t.text = 1, 2, {}
  do
    local key = {}
    t[key] = { back = key } -- an ephemeron
  end
  collect()
  same(count(t), 2)
  gives({ 1, "table" }, t[kept], type(t.text))
end)

case("__mode 'kv' lets both go", function()
  local t = setmetatable({}, { __mode = "kv" })
  local key, value = {}, {}
  t[key], t[value], t[{}] = {}, value, value
  collect()
  same(count(t), 1)
  same(t[value], value)
end)

case("__gc is called once for what is lost", function()
  local calls, meta = 0, {}
  meta.__gc = function(object) calls = calls + 1 same(getmetatable(object), meta) same(object.field, 7) end
  setmetatable({ field = 7 }, meta)
  collect()
  same(calls, 1)
  collect()
  same(calls, 1)
end)

case("__gc counts when the metatable is set, and runs in reverse order", function()
  local order = {}
  for i = 1, 3 do setmetatable({}, { __gc = function() order[#order + 1] = i end }) end
  local late = {}
  setmetatable({}, late)
  late.__gc = function() order[#order + 1] = "late" end
  collect()
  same(table.concat(order, " "), "3 2 1")
end)

case("__gc may bring its object back, once", function()
  local saved
  local meta = { __gc = function(object) saved = object end }
  do local lost = setmetatable({ v = 1 }, meta) end
  collect()
  same(saved.v, 1)
  local calls = 0
  meta.__gc = function() calls = calls + 1 end
  saved = nil
  collect()
  same(calls, 0)
end)

case("an error in __gc is a warning, and hurts nobody", function()
  setmetatable({}, { __gc = function() error("in __gc") end })
  setmetatable({}, { __gc = 5 })
  collect()
end)

case("collectgarbage inside of __gc does nothing", function()
  local result = "not called"
  setmetatable({}, { __gc = function() result = collectgarbage() end })
  collect()
  same(result, nil)
end)

case("what is lost in circles is collected", function()
  local weak = setmetatable({}, { __mode = "v" })
  do
    local a, b = {}, {}
    a.b, b.a = b, a
    weak[1] = a
    local co = coroutine.create(function() local self = co coroutine.yield(self) end)
    coroutine.resume(co)
    weak[2] = co
    local f
    f = function() return f end
    weak[3] = f
  end
  collect()
  same(count(weak), 0)
end)

case("a chain through many tables with weak keys is kept, and goes with its first key", function()
  -- Links are in tables of both sides of a list in turn: a visit to all tables finds one.
  local tables, root, length = {}, {}, 60
  for i = 1, length do tables[i] = setmetatable({}, { __mode = "k" }) end
  local key = root
  for i = 1, length - 1 do
    local value = {}
    tables[length // 2 + (i % 2 == 0 and -i // 2 or (i + 1) // 2)][key] = value
    key = value
  end
  key = nil
  local function links(from)
    local n = 0
    while from do
      local found
      for _, t in ipairs(tables) do found = found or t[from] end
      n, from = n + 1, found
    end
    return n
  end
  collect()
  same(links(root), length)
  root = nil
  collect()
  for _, t in ipairs(tables) do same(next(t), nil) end
end)

case("both modes of the collector keep what is in use", function()
  for _, mode in ipairs { "generational", "incremental" } do
    local before = collectgarbage(mode)
    local keep = {}
    for round = 1, 20 do
      for i = 1, 50 do keep[i] = { round, tostring(i), keep[i] and keep[i][2] } end
      collectgarbage("step")
    end
    for i = 1, 50 do gives({ 20, tostring(i), tostring(i) }, keep[i][1], keep[i][2], keep[i][3]) end
    collectgarbage(before)
  end
end)
