-- SPDX-License-Identifier: MIT OR GPL-2.0-only
-- Names, numerals, strings, comments.

case("names are letters, digits and underscores", function()
  local _, a1, _A, ab_9 = 1, 2, 3, 4
  same(_ + a1 + _A + ab_9, 10)
  local And, AND = 5, 6
  same(And + AND, 11)
  rejects("1: malformed number near '1a'", "local 1a = 2")
  rejects("1: unexpected symbol near '@'", "x = @")
  rejects("1: unexpected symbol near '<\\1>'", "x = \1")
  rejects("1: unexpected symbol near '<\\228>'", "x = \228")
end)

case("reserved words are no names", function()
  for word in ("and break do else elseif end false for function goto if in local nil not or repeat return then true until while")
    :gmatch("%a+") do
    rejects("1: <name> expected near '" .. word .. "'", "local a, " .. word)
  end
end)

case("'global' is a word only where a declaration begins", function()
  same(run("local global = 3 return global"), 3)
  same(run("local t = { global = 4 } return t.global"), 4)
end)

case("decimal numerals", function()
  same(0, -0)
  same(007, 7)
  same(9223372036854775807, math.maxinteger)
  same(-9223372036854775807 - 1, math.mininteger)
  rejects("1: malformed number near '3x'", "x = 3x")
  rejects("1: malformed number near '3..2'", "x = 3..2")
end)

case("decimal numerals beyond 64 bits are malformed (the manual makes floats)", function()
  rejects("1: malformed number near '9223372036854775808'", "x = 9223372036854775808")
end)

case("hexadecimal numerals", function()
  same(0xff, 255)
  same(0XaB, 171)
  same(0xffffffffffffffff, -1)
  same(0x123456789abcdef0123, 0x9abcdef0123 + (0x45678 << 44)) -- the lower 64 bits
  rejects("1: malformed number near '0x'", "x = 0x")
  rejects("1: malformed number near '0xfg'", "x = 0xfg")
end)

case("numerals with a fraction or an exponent are malformed (the manual makes floats)", function()
  for numeral in ("1.5 .5 5. 1e3 1E+3 0x1p4 0x.8 0xA.8p0"):gmatch("%S+") do
    rejects("1: malformed number near '" .. numeral .. "'", "x = " .. numeral)
  end
end)

case("escapes in strings", function()
  gives({ 7, 8, 12, 10, 13, 9, 11, 92, 34, 39 }, ("\a\b\f\n\r\t\v\\\"\'"):byte(1, -1))
  same("\65\066\0067", "AB\6" .. "7")
  same("\x41\x4a\xfF", "AJ\255")
  same("a\z
        b\z c", "abc")
  same("a\
b", "a\nb")
  same("a\0b", "a" .. string.char(0) .. "b")
  same(#"\0\0\0", 3)
  same("\u{48}\u{20AC}\u{7FFFFFFF}", "H\xE2\x82\xAC\xFD\xBF\xBF\xBF\xBF\xBF")
end)

case("escapes that are none", function()
  rejects("1: invalid escape sequence near ''\\q'", "x = '\\q'")
  rejects("1: decimal escape too large near ''\\256''", "x = '\\256'")
  rejects("1: hexadecimal digit expected near ''\\xg'", "x = '\\xg0'")
  rejects("1: hexadecimal digit expected near ''\\x1g'", "x = '\\x1g'")
  rejects("1: missing '{' near ''\\u4'", "x = '\\u48'")
  rejects("1: missing '}' near ''\\u{48 '", "x = '\\u{48 }'")
  rejects("1: UTF-8 value too large near ''\\u{80000000'", "x = '\\u{80000000}'")
end)

case("strings end on their line", function()
  rejects("1: unfinished string near ''abc'", "x = 'abc\n'")
  rejects("1: unfinished string near '\"abc''", "x = \"abc'\n")
  rejects("1: unfinished string near <eof>", "x = 'abc")
end)

case("long strings", function()
  same([[a]b]], "a]b")
  same([==[a]]b]=]c]==], "a]]b]=]c")
  same([[
first line break is skipped]], "first line break is skipped")
  same([[\n]], "\\n")
  same([[]], "")
  -- every line end is one \n
  same(run("return [[\r\na\rb\n\rc]]"), "a\nb\nc")
  rejects("1: unfinished long string (starting at line 1) near <eof>", "x = [[abc")
  rejects("1: invalid long string delimiter near '[='", "x = [=abc")
end)

case("comments", function()
  same(run("return 1 -- 2"), 1)
  same(run("return --[[ 2\n ]] 3"), 3)
  same(run("return --[==[ ]] ]=] ]==] 4"), 4)
  same(run("--[ [ 1\nreturn 5"), 5)
  same(run("return 6 --"), 6)
  rejects("1: unfinished long comment (starting at line 1) near <eof>", "--[[ abc")
end)

case("spaces, line ends and semicolons", function()
  same(run("local a='x'local b='y'return a..b"), "xy")
  same(run(";;; local a = 1;; return a;"), 1)
  same(run("\t\v\f return\r7"), 7)
  rejects("3: unexpected symbol near '='", "a = 1\r\nb = 2\n= 3")
end)

case("longest operators first", function()
  same(run("return 1<2"), true)
  same(run("return 16>>2<<1"), 8)
  same(run("return 7//2"), 3)
  same(run("return 1~=2, nil"), true)
  same(run("return select('#', ...)", 1, 2), 2)
  same(run("local a <const> = 1 return a"), 1)
end)
