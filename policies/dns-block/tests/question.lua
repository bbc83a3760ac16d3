-- SPDX-License-Identifier: MIT OR GPL-2.0-only
local question = require("policies.dns-block.question")

local function name(text)
  return (text:gsub("([^.]+)%.?", function(label) return counted(1, label) end)) .. "\0"
end

local function query(encoded, flags, questions)
  return string.pack(">I2I2I2I2I2I2", 77, flags or 0x0100, questions or 1, 0, 0, 0) .. encoded .. "\0\1\0\1"
end

case("the name is found, in lower case", function()
  same(question.name(query(name("ads.example"))), "ads.example")
  same(question.name(query(name("aDs.EXAMPLE"))), "ads.example")
  same(question.name(query("\0")), "")
end)

case("pointers are followed, within the message", function()
  -- Past the question: 12 bytes of header, 4 of name, 4 of type and class.
  same(question.name(query("\1a\xc0\20") .. name("ads.example")), "a.ads.example")
  same(question.name(query("\xc0\18") .. name("ads.example")), "ads.example")
end)

case("pointers that lead nowhere, or round, end", function()
  same(question.name(query("\xc0\12")), nil)
  same(question.name(query("\1a\xc0\12")), nil)
  same(question.name(query("\xff\xff")), nil)
  same(question.name(query("\x80a")), nil)
end)

case("names of 255 bytes are names, longer are not", function()
  local longest = (counted(1, ("a"):rep(63))):rep(3)
  same(#question.name(query(longest .. counted(1, ("a"):rep(61)) .. "\0")), 253)
  same(question.name(query(longest .. counted(1, ("a"):rep(62)) .. "\0")), nil)
end)

case("only questions count", function()
  same(question.name(query(name("ads.example"), 0x8180)), nil)
  same(question.name(query(name("ads.example"), 0x2800)), nil)
  same(question.name(query(name("ads.example"), nil, 0)), nil)
  same(question.name(query(name("ads.example"), nil, 2)), "ads.example")
end)

case("a message cut at any length never fails", function()
  local whole = query("\1a\xc0\20") .. name("ads.example")
  for length = 0, #whole - 1 do same(question.name(whole:sub(1, length)), nil) end
end)

case("a message with any byte changed never fails", function()
  local whole = query("\1a\xc0\20") .. name("ads.example")
  for at = 1, #whole do
    for value = 0, 255 do question.name(whole:sub(1, at - 1) .. string.char(value) .. whole:sub(at + 1)) end
  end
end)
