-- SPDX-License-Identifier: MIT OR GPL-2.0-only
-- What `set` promises, in any context.
local set = require("set")
local data = require("data")

local function raises(pattern, f, ...)
  local ok, message = pcall(f, ...)
  assert(not ok and message:find(pattern, 1, true), tostring(message))
end

-- as in Lunatik
local some = set.new { "a", "b.c", "", "A", "a" }
assert(#some == 4)
for _, name in ipairs { "a", "b.c", "", "A" } do assert(some:has(name), name) end
for _, name in ipairs { "b", "c", "B.C", "a\0", "a." } do assert(not some:has(name), name) end
assert(#set.new {} == 0 and not set.new {}:has(""))
raises("string expected", set.new, { "a", 1 })
raises("string expected", set.new, { "a", {} })
raises("table expected", set.new, "a")
raises("string expected", some.has, some, 1)
raises("string expected", some.has, some)

local labels = set.labeled { ["example"] = 1, ["ads.example"] = 2, ["a.b"] = 4, [""] = 8, ["all.bits"] = -1 }
assert(#labels == 5)
assert(labels:match("example") == 1 and labels:match("x.y.example") == 1)
assert(labels:match("ads.example") == 3 and labels:match("www.ads.example") == 3)
assert(labels:match("badads.example") == 1 and labels:match("Example") == 0)
assert(labels:match("a.b.") == 8 and labels:match("") == 8 and labels:match("b") == 0)
assert(labels:match("x.all.bits") == -1)
assert(labels:match(("x."):rep(1000) .. "ads.example") == 3)
raises("set.labeled: 'a': integer values expected", set.labeled, { a = "b" })
raises("integer values expected", set.labeled, { "a" })
assert(set.labeled { [("x"):rep(255)] = 1 }:match(("x"):rep(255)) == 1)
raises("set.labeled: '" .. ("x"):rep(60) .. "...' is longer than 255 bytes", set.labeled, { [("x"):rep(256)] = 1 })

-- from bytes of data, too
local function bytes(text)
  local one = data.new(#text)
  one:setstring(0, text)
  return one
end
local host = bytes("Host: www.ads.example\r\n")
assert(labels:match(host, 6, 15) == 3 and labels:match(host, 10, 3) == 0 and some:has(bytes("xxb.c"), 2))
raises("out of bounds", labels.match, labels, host, 6, 100)
raises("integer expected", labels.match, labels, host)
raises("invalid or closed object", labels.match, some, "a")

-- a thousand names from a file
local list = set.load("lists/thousand.list")
assert(#list == 1000 and #set.load("/lib/modules/lua/lists/thousand.list") == 1000)
for i = 1, 900, 7 do
  local label = (i <= 800 and 1 or 0) | (i > 700 and 16 or 0)
  local name = ("n%d.ads.test"):format(i)
  assert(list:match(name) == label and list:match("www.x." .. name:upper() .. ".") == label, name)
  assert(list:has(name) and list:has(name:upper() .. ".") and not list:has("www." .. name))
end
assert(list:match("n100.malware.test") == 16)
for _, name in ipairs { "n901.ads.test", "ads.test", "test", "", ".", "..", "n1", "xn1.ads.test", "n1.ads.test..",
  "n1.ads.tesT\0", "n1\xaeads.test", "\xee1.ads.test", "n1.ads.test.x", ("n1.ads.test"):rep(100) } do
  assert(list:match(name) == 0 and not list:has(name), name)
end
assert(list:match(("x."):rep(2000) .. "n1.ads.test") == 1)
assert(list:memory() >= 10000 and list:memory() <= 24576, list:memory())
raises("string expected", list.match, list, 1)
raises("string expected", list.match, list, some)
assert(list:match(bytes("GET n7.ads.test"), 4) == 1)

-- a query for www.N1.ads.test
local query = "\18\52\1\0\0\1\0\0\0\0\0\0\3www\2N1\3ads\4test\0\0\1\0\1"
local function asks(message) return list:question(bytes("??" .. message), 2) end
assert(asks(query) == 1)
assert(asks((query:gsub("N1", "X1"))) == 0)
assert(asks((query:gsub("N1\3ads", "N1.ads"))) == nil) -- a length that is none leads on
assert(asks((query:gsub("\2N1\3ads", "\6N1.ads"))) == 0) -- a dot inside of a label
assert(asks(query:sub(1, 2) .. "\x81" .. query:sub(4)) == nil) -- an answer
assert(asks(query:sub(1, 20)) == nil and asks("") == nil)
assert(list:question(bytes(query), 0, 33) == 1 and list:question(bytes(query), 0, 28) == nil)
-- what is not there is left out; strings have bytes, too
assert(list:question(bytes(query), 0, 100) == 1 and list:question(bytes(query), 100) == nil)
assert(list:question(query) == 1 and list:question(query, 1) == nil)
assert(not pcall(list.question, list, {}, 0) and not pcall(list.question, list, query, "x"))

local empty = set.load("lists/empty.list")
assert(#empty == 0 and empty:match("x.test") == 0 and not empty:has("") and not empty:has("test"))
assert(tostring(list):find("set.list", 1, true))
