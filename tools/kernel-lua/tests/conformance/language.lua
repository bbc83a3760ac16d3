-- SPDX-License-Identifier: MIT OR GPL-2.0-only
-- Lua as we ship it: Lua 5.5 with one kind of number.

local function rejected(chunk, message)
  local compiled, problem = load(chunk)
  assert(not compiled, chunk .. " compiles")
  assert(problem:find(message, 1, true), problem)
end

-- numbers are 64-bit integers that wrap
assert(7 / 2 == 3 and -7 // 2 == -4 and 7 % -3 == -2 and -7 / 2 == -4)
assert(math.maxinteger + 1 == math.mininteger and math.type(1) == "integer")
assert(1 << 63 == math.mininteger and 1 << 64 == 0 and ~0 == -1 and 5 ~ 3 == 6)
assert(0xff == 255 and "0x10" + 1 == 17 and "10" * 2 == 20 and math.tointeger("8") == 8)
rejected("return 1.5", "malformed number near '1.5'")
rejected("return 1e3", "malformed number near '1e3'")
rejected("return 2 ^ 3", "near '^'")
assert(tonumber("1.5") == nil and tonumber("z", 36) == 35 and tonumber("12") == 12)
assert(not pcall(function() return 1 // 0 end) and not pcall(function() return 1 % 0 end))
assert(not pcall(string.format, "%f", 1) and not pcall(string.format, "%g", 1))
assert(math.pi == nil and math.sqrt == nil and math.random == nil)
assert(math.abs(-3) == 3 and math.max(1, 5, 2) == 5 and math.min(4, 2) == 2 and math.ult(1, -1))
assert(math.fmod(-7, 3) == -1)

-- text chunks only, no files, no way out
assert(load("\27Lua") == nil and string.dump == nil)
assert(dofile == nil and loadfile == nil and io == nil and os == nil and debug == nil and package == nil)
assert(load("return ...", "chunk", "t", {})(5) == 5)

-- strings, patterns, packing
assert(("%d %s %x %5.2s|"):format(1, "a", 255, "abc") == "1 a ff    ab|")
assert(("a.b.c"):gsub("%.", "-") == "a-b-c" and ("key=val"):match("(%w+)=(%w+)") == "key")
assert(string.pack(">I2I4", 1, 2) == "\0\1\0\0\0\2" and string.unpack(">I2", "\1\2") == 258)
assert(not pcall(string.pack, "d", 1) and utf8.char(228, 8364) == "ä€" and utf8.len("ä€") == 2)
assert(("x"):rep(3, ",") == "x,x,x" and ("abc"):byte(-1) == 99 and ("abc"):find("c", 1, true) == 3)
-- all up to a character
for code = 0, 255 do
  local c = string.char(code)
  for _, text in ipairs { "", "ab]^-.\0%x", c, "ab" .. c .. "b" .. c, ("q"):rep(300) } do
    local before = text:sub(1, (text:find(c, 1, true) or #text + 1) - 1)
    assert(text:match("^[^" .. (c == "%" and "%%" or c) .. "]*") == before, code)
  end
end
assert(("aab"):match("[^x]*b") == "aab" and ("aab"):match("([^b]*)a") == "a" and ("ab"):match("[^x]*", 3) == "")

-- tables, metatables
local list = { 3, 1, 2 }
table.sort(list)
assert(table.concat(list, ",") == "1,2,3" and select("#", table.unpack(list)) == 3)
local counted = setmetatable({}, { __index = function(_, key) return key * 2 end, __len = function() return 9 end,
  __call = function(_, a) return a + 1 end, __eq = function() return true end })
assert(counted[4] == 8 and #counted == 9 and counted(1) == 2 and counted == setmetatable({}, getmetatable(counted)))

-- control: goto, to-be-closed variables, coroutines, errors
do
  local n = 0
  ::again::
  n = n + 1
  if n < 3 then goto again end
  assert(n == 3)
end
local closed
do
  local guard <close> = setmetatable({}, { __close = function() closed = true end })
end
assert(closed)
local generator = coroutine.wrap(function(a) local b = coroutine.yield(a + 1) return b * 2 end)
assert(generator(1) == 2 and generator(21) == 42)
local ok, problem = pcall(error, { code = 7 })
assert(not ok and problem.code == 7)
assert(select(2, xpcall(error, function(m) return "handled " .. m end, "x")) == "handled x")

-- memory, in bytes
assert(collectgarbage("count") > 1000)

-- loops count in integers, and refuse what is none
local turns = 0
for i = math.maxinteger - 1, math.maxinteger do turns = turns + 1 end
for i = 3, 1, -1 do turns = turns + 1 end
assert(turns == 5)
assert(not pcall(function() for i = "a", 2 do end end) and not pcall(function() for i = 1, {} do end end))
assert(not pcall(function() for i = 1, 2, 0 do end end))

-- sizes that nobody has are errors, not crashes
assert(not pcall(string.rep, "x", math.maxinteger) and not pcall(table.create, math.maxinteger))
assert(not pcall(string.unpack, "s8", ("\255"):rep(8)))
assert(math.mininteger // -1 == math.mininteger and math.mininteger % -1 == 0)
