-- SPDX-License-Identifier: MIT OR GPL-2.0-only
-- The library utf8.

local mixed = "a\u{e4}\u{20ac}\u{10348}" -- 1, 2, 3 and 4 bytes

case("utf8.char", function()
  gives({ mixed, "", "A" }, utf8.char(0x61, 0xe4, 0x20ac, 0x10348), utf8.char(), utf8.char(65))
  same(utf8.char(0x7fffffff), "\u{7fffffff}")
  raises("bad argument #1 to 'utf8.char' (value out of range)", utf8.char, -1)
  raises("bad argument #2 to 'utf8.char' (value out of range)", utf8.char, 1, 0x80000000)
  raises("bad argument #1 to 'utf8.char' (number expected, got string)", utf8.char, "x")
end)

case("utf8.charpattern", function()
  same(utf8.charpattern, "[\0-\x7F\xC2-\xFD][\x80-\xBF]*")
  local count = 0
  for _ in mixed:gmatch(utf8.charpattern) do count = count + 1 end
  same(count, 4)
end)

case("utf8.len", function()
  gives({ 4, 0, 3, 1 }, utf8.len(mixed), utf8.len(""), utf8.len(mixed, 2), utf8.len(mixed, -4))
  gives({ 2, 0 }, utf8.len(mixed, 1, 2), utf8.len(mixed, 1, 0))
  gives({ n = 2, nil, 2 }, utf8.len("a\xff"))
  gives({ n = 2, nil, 3 }, utf8.len(mixed, 3)) -- within a character
  gives({ n = 2, nil, 1 }, utf8.len("\u{d800}"))
  gives({ n = 2, nil, 1 }, utf8.len("\xc0\x80")) -- longer than needed
  gives({ n = 2, nil, 1 }, utf8.len("\xe2\x82")) -- cut
  gives({ 1, 1 }, utf8.len("\u{d800}", 1, -1, true), utf8.len("\u{7fffffff}", 1, -1, true))
  raises("bad argument #2 to 'utf8.len' (initial position out of bounds)", utf8.len, "abc", 5)
  raises("bad argument #3 to 'utf8.len' (final position out of bounds)", utf8.len, "abc", 1, 4)
end)

case("utf8.codepoint", function()
  gives({ 0x61, 0xe4, 0x20ac, 0x10348 }, utf8.codepoint(mixed, 1, -1))
  gives({ 0x61 }, utf8.codepoint(mixed))
  gives({ 0xe4 }, utf8.codepoint(mixed, 2))
  gives({ n = 0 }, utf8.codepoint(mixed, 2, 1))
  gives({ 0xd800 }, utf8.codepoint("\u{d800}", 1, 1, true))
  raises("invalid UTF-8 code", utf8.codepoint, "\u{d800}")
  raises("invalid UTF-8 code", utf8.codepoint, "\xff")
  raises("bad argument #2 to 'utf8.codepoint' (out of bounds)", utf8.codepoint, "abc", 0)
  raises("bad argument #3 to 'utf8.codepoint' (out of bounds)", utf8.codepoint, "abc", 1, 4)
end)

case("utf8.codes", function()
  same(list(utf8.codes(mixed)), "1=97 2=228 4=8364 7=66376")
  same(list(utf8.codes("")), "")
  same(list(utf8.codes("\u{d800}", true)), "1=55296")
  raises("invalid UTF-8 code", function() for _ in utf8.codes("ab\xff") do end end)
  raises("invalid UTF-8 code", function() for _ in utf8.codes("\u{d800}") do end end)
  raises("bad argument #1 to 'utf8.codes' (invalid UTF-8 code)", utf8.codes, "\x80")
end)

case("utf8.offset says where a character begins and ends", function()
  gives({ 1, 1 }, utf8.offset(mixed, 1))
  gives({ 2, 3 }, utf8.offset(mixed, 2))
  gives({ 7, 10 }, utf8.offset(mixed, 4))
  gives({ 11, 11 }, utf8.offset(mixed, 5)) -- behind the last
  gives({ n = 1, nil }, utf8.offset(mixed, 6))
  gives({ 7, 10 }, utf8.offset(mixed, -1))
  gives({ 1, 1 }, utf8.offset(mixed, -4))
  gives({ n = 1, nil }, utf8.offset(mixed, -5))
  gives({ 4, 6 }, utf8.offset(mixed, 0, 5)) -- the character around a byte
  gives({ 4, 6 }, utf8.offset(mixed, 2, 2))
  raises("initial position is a continuation byte", utf8.offset, mixed, 1, 3)
  raises("bad argument #3 to 'utf8.offset' (position out of bounds)", utf8.offset, "abc", 1, 5)
end)
