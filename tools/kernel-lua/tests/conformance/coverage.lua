-- SPDX-License-Identifier: MIT OR GPL-2.0-only
-- Runs last, after all rooms in one state: every function, operator and event is named by a case.

local missing = {}
for name, named in pairs(FUNCTIONS) do
  if not named then missing[#missing + 1] = name end
end

local names = {}
for name in pairs(CASES) do names[#names + 1] = name end
names = table.concat(names, "\n")

local operators = "+ - * / // % & | ~ << >> .. == ~= < <= > >= # and or not"
local statements = "if while repeat for goto do return break global <const> <close>"
for word in (operators .. " " .. statements):gmatch("%S+") do
  if not names:find("'" .. word .. "'", 1, true) then missing[#missing + 1] = "'" .. word .. "'" end
end

local events = "add sub mul mod idiv unm band bor bxor shl shr bnot concat len eq lt le index newindex call close gc mode name " ..
  "tostring metatable pairs"
for event in events:gmatch("%S+") do
  if not names:find("__" .. event .. "%f[^%w]") then missing[#missing + 1] = "__" .. event end
end

-- Specifiers of string.format, options of string.pack, and items of patterns.
for specifier in ("diuxXocsqp"):gmatch(".") do
  if not names:find("format [^\n]*%%" .. specifier) then missing[#missing + 1] = "string.format %" .. specifier end
end
for option in ("bBhHiIlLjJTn<>=!xXszc"):gmatch(".") do
  if not names:find("pack [^\n]*" .. option .. "%f[%W]") and not names:find("pack [^\n]*'" .. option, 1) then
    missing[#missing + 1] = "string.pack " .. option
  end
end
for _, item in ipairs { "'*'", "'+'", "'-'", "'?'", "'^'", "'$'", "'()'", "'(...)'", "'%1'", "'%b'", "'%f'", "classes", "sets" } do
  if not names:find(item, 1, true) then missing[#missing + 1] = "pattern item " .. item end
end

table.sort(missing)
if #missing > 0 then error("no case is about " .. table.concat(missing, ", "), 0) end
