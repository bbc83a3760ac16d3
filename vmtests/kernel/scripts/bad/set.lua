-- SPDX-License-Identifier: MIT OR GPL-2.0-only
local rows, set, data = require("bad.rows"), require("set"), require("data")
rows.library("set", { { "new", "table" }, { "labeled", "table" }, { "load", "string" } })
local wrong = { { 1 }, { {} }, { true }, { print } }
for _, list in ipairs(wrong) do assert(not pcall(set.new, list)) end
for _, labels in ipairs { { 1 }, { x = "y" }, { x = {} }, { [("x"):rep(256)] = 1 }, { [true] = 1 } } do
  assert(not pcall(set.labeled, labels))
end
rows.class("set", function() return set.new { "a" } end, { { "has", "bytes" }, { "memory" } })
rows.class("set.labeled", function() return set.labeled { a = 1 } end, {
  { "match", "bytes" }, { "question", "bytes", "integer?", "integer?" }, { "hello", "bytes", "integer?", "integer?" },
  { "memory" },
})
rows.class("set.list", function() return set.load("lists/thousand.list") end, {
  { "has", "bytes" }, { "match", "bytes" }, { "question", "bytes", "integer?", "integer?" }, { "hello", "bytes", "integer?", "integer?" },
  { "memory" },
})
local names, bytes = set.labeled { a = 1 }, data.new(8)
for _, at in ipairs { -1, 9, 1 << 32, math.mininteger, math.maxinteger } do
  assert(not pcall(names.match, names, bytes, at, 1) and not pcall(names.match, names, bytes, 0, at), at)
  for _, method in ipairs { "question", "hello" } do
    -- Behind the end there is no packet, and before the beginning no place.
    for _, arguments in ipairs { { at, 1 }, { 0, at } } do
      local ok, result = pcall(names[method], names, bytes, table.unpack(arguments))
      assert(ok == (at > 0) and (not ok or result == nil), method .. at)
    end
  end
end
