-- SPDX-License-Identifier: MIT OR GPL-2.0-only
-- The library string, without patterns, formats and packing.

case("string.len counts bytes", function()
  gives({ 0, 3, 5 }, string.len(""), string.len("a\0b"), ("h\u{e9}ll"):len())
  same(string.len(123), 3)
  raises("bad argument #1 to 'string.len' (string expected, got nil)", string.len, nil)
end)

case("string.sub", function()
  local s = "abcdef"
  gives({ "bcd", "def", "ef", "abcdef", "" }, s:sub(2, 4), s:sub(4), s:sub(-2), s:sub(1, -1), s:sub(4, 3))
  gives({ "abcdef", "", "ab", "f" }, s:sub(-100, 100), s:sub(7), s:sub(0, 2), s:sub(-1, 6))
  gives({ "", "abcdef" }, s:sub(math.maxinteger), s:sub(math.mininteger, math.maxinteger))
  gives({ "abcde", "" }, s:sub(1, -2), s:sub(1, math.mininteger))
  same(string.sub(12345, 2, 3), "23")
  raises("bad argument #2 to 'sub' (number expected, got no value)", function() string.sub("x") end)
end)

case("string.upper, string.lower and string.reverse", function()
  gives({ "ABC1", "abc1", "1cbA" }, ("aBc1"):upper(), ("aBc1"):lower(), ("Abc1"):reverse())
  gives({ "", "", "" }, (""):upper(), (""):lower(), (""):reverse())
  same(("\xe9\0a"):upper(), "\xe9\0A") -- ASCII only
  same(("a\0b"):reverse(), "b\0a")
  for _, name in ipairs { "upper", "lower", "reverse" } do
    raises("bad argument #1 to 'string." .. name .. "' (string expected, got table)", string[name], {})
  end
end)

case("string.rep", function()
  gives({ "ababab", "a,a,a", "", "", "x" }, ("ab"):rep(3), ("a"):rep(3, ","), ("a"):rep(0), ("a"):rep(-1), ("x"):rep(1, "sep"))
  same((""):rep(1000000), "")
  same(#("ab"):rep(500, "c"), 1499)
  raises("resulting string too large", string.rep, "x", math.maxinteger)
  raises("resulting string too large", string.rep, "xy", 1 << 62)
  raises("bad argument #2 to 'string.rep' (number expected, got nil)", string.rep, "x", nil)
end)

case("string.byte", function()
  gives({ 97, 99 }, ("abc"):byte(), ("abc"):byte(-1))
  gives({ 97, 98, 99 }, ("abc"):byte(1, -1))
  gives({ n = 0 }, ("abc"):byte(4))
  gives({ n = 0 }, (""):byte(1, -1))
  gives({ 98, 99 }, ("abc"):byte(2, 100))
  gives({ 255, 0 }, ("\xff\0"):byte(1, 2))
  raises("bad argument #1 to 'string.byte' (string expected, got no value)", string.byte)
end)

case("string.char", function()
  gives({ "", "ABC", "\0\255" }, string.char(), string.char(65, 66, 67), string.char(0, 255))
  raises("bad argument #1 to 'string.char' (value out of range)", string.char, 256)
  raises("bad argument #2 to 'string.char' (value out of range)", string.char, 1, -1)
  raises("bad argument #1 to 'string.char' (number expected, got string)", string.char, "x")
end)

case("string.find of plain text", function()
  gives({ 3, 4 }, ("abcd"):find("cd", 1, true))
  gives({ 1, 0 }, ("abc"):find("", 1, true))
  gives({ 4, 3 }, ("abc"):find("", 4, true))
  gives({ n = 1, nil }, ("abc"):find("", 5, true))
  gives({ n = 1, nil }, ("abc"):find("x", 1, true))
  gives({ 2, 2 }, ("a.c"):find(".", 2, true))
  gives({ n = 1, nil }, ("abc"):find(".", 1, true))
  gives({ 5, 5 }, ("a.b.a"):find("a", -1, true))
  gives({ 2, 3 }, ("x\0y"):find("\0y", 1, true))
  gives({ 1001, 1003 }, (("ab"):rep(500) .. "abc"):find("abc", 1, true))
end)

case("strings are compared by their bytes, however they were made", function()
  local long = ("x"):rep(100)
  same(long == ("x"):rep(50) .. ("x"):rep(50), true)
  local t = { [long] = 1 }
  same(t[("x"):rep(99) .. "x"], 1)
  same(("a"):rep(39) .. "b" == ("a"):rep(40), false)
end)
