-- SPDX-License-Identifier: MIT OR GPL-2.0-only
-- Patterns: every item, and the functions that take them.

-- matches(pattern, text): what all of it captures, or nil
local function matches(pattern, text) return (text:match("^" .. pattern .. "$")) end
-- members(class): the characters that a class matches, as text
local function members(class)
  local found = {}
  for code = 0, 255 do
    local c = string.char(code)
    if c:find(class) then found[#found + 1] = c end
  end
  return table.concat(found)
end
local function range(first, last)
  local codes = {}
  for code = first:byte(), last:byte() do codes[#codes + 1] = string.char(code) end
  return table.concat(codes)
end

case("classes of characters are ASCII's", function()
  local digits, lower, upper = range("0", "9"), range("a", "z"), range("A", "Z")
  local punctuation = range("!", "/") .. range(":", "@") .. range("[", "`") .. range("{", "~")
  same(members("%d"), digits)
  same(members("%l"), lower)
  same(members("%u"), upper)
  same(members("%a"), upper .. lower)
  same(members("%w"), digits .. upper .. lower)
  same(members("%x"), digits .. range("A", "F") .. range("a", "f"))
  same(members("%s"), "\t\n\v\f\r ")
  same(members("%p"), punctuation)
  same(members("%c"), range("\0", "\31") .. "\127")
  same(members("%g"), range("!", "~"))
  same(members("."), range("\0", "\255"))
end)

case("classes in upper case are the others", function()
  for class in ("dluawxspcg"):gmatch(".") do
    local inside, outside = members("%" .. class), members("%" .. class:upper())
    same(#inside + #outside, 256)
    for c in inside:gmatch(".") do same(outside:find(c, 1, true), nil) end
  end
end)

case("'%' before what is no letter or digit means that character", function()
  for c in ("^$()%.[]*+-?!/\0"):gmatch(".") do same(members("%" .. c), c) end
  raises("malformed pattern (ends with '%')", string.find, "x", "%")
  raises("malformed pattern (ends with '%')", string.find, "x", "x%")
end)

case("sets", function()
  same(members("[abc]"), "abc")
  same(members("[a-d]"), "abcd")
  same(members("[^%z\1-\254]"), "\255")
  same(members("[%d_]"), "0123456789_")
  same(members("[a-]"), "-a")
  same(members("[-a]"), "-a")
  same(members("[]]"), "]")
  same(members("[]a]"), "]a")
  same(members("[^]]"), (members("."):gsub("%]", "")))
  same(members("[%]]"), "]")
  same(members("[%a-z]"), members("[%a%-z]"))
  same(members("[^\1-\255]"), "\0")
  same(members("[%^a]"), "^a")
  same(members("[a^]"), "^a")
  raises("malformed pattern (missing ']')", string.find, "x", "[a")
  raises("malformed pattern (missing ']')", string.find, "x", "[]")
  raises("malformed pattern (missing ']')", string.find, "x", "[^]")
  raises("malformed pattern (missing ']')", string.find, "x", "[a%")
end)

case("'*', '+', '-' and '?'", function()
  gives({ "aaa", "", "aaa", "a" }, ("aaab"):match("a*"), ("b"):match("a*"), ("aaab"):match("a+"), ("aaab"):match("a?"))
  gives({ n = 2, nil, "" }, ("b"):match("a+"), ("aaab"):match("a-"))
  same(("aaab"):match("a-b"), "aaab")
  same(("<a><b>"):match("<.->"), "<a>")
  same(("<a><b>"):match("<.*>"), "<a><b>")
  same(("colour color"):gsub("colou?r", "x"), "x x")
  same(matches("a*a*a*b", ("a"):rep(30) .. "b"), ("a"):rep(30) .. "b")
  same(("--x"):match("%-+"), "--")
  -- at the begin they are characters
  same(("*a"):match("*a"), "*a")
end)

case("'^' and '$' anchor at the ends, and are characters elsewhere", function()
  gives({ n = 2, "ab", nil }, ("abab"):match("^ab"), ("xab"):match("^ab"))
  gives({ n = 2, "ab", nil }, ("xab"):match("ab$"), ("abx"):match("ab$"))
  same(("a^b$c"):match("a^b$c"), "a^b$c")
  gives({ 3, 4 }, ("abab"):find("^ab", 3))
  same((("aaa"):gsub("^a", "b")), "baa")
  gives({ 4, 3 }, ("abc"):find("$"))
end)

case("'()' captures a position, '(...)' a text", function()
  gives({ 2, "b", 3 }, ("abc"):match("()(b)()"))
  gives({ "key", "value" }, ("key = value"):match("(%w+)%s*=%s*(%w+)"))
  gives({ "ab", "b" }, ("ab"):match("(a(b))"))
  gives({ "" }, ("abc"):match("(x*)"))
  gives({ 1, 2, "a", "b" }, ("ab"):find("(a)(b)"))
  raises("unfinished capture", string.find, "a", "(a")
  raises("invalid pattern capture", string.match, "a", "a)")
  same(select("#", ("x"):rep(8):match(("(x)"):rep(8))), 8)
end)

case("'%1' is what a capture took", function()
  gives({ '"', "it's" }, ([["it's"]]):match([[(["'])(.-)%1]]))
  same(("abcabc"):match("^(%a+)%1$"), "abc")
  same(("abab"):match("^(a)(b)%1%2$"), "a")
  raises("invalid capture index %1", string.find, "a", "%1")
  raises("invalid capture index %2", string.find, "aa", "(a)%2")
  raises("invalid capture index %1", string.find, "aa", "(a%1)")
  raises("invalid capture index %0", string.find, "aa", "(a)%0")
end)

case("'%b' takes what is balanced", function()
  same(("f(a(b)c)d)"):match("%b()"), "(a(b)c)")
  same(("x = 'a'b'"):match("%b''"), "'a'")
  same(("((("):match("%b()"), nil)
  same((("a{b}{c{d}}"):gsub("%b{}", "")), "a")
  raises("malformed pattern (missing arguments to '%b')", string.find, "x", "%b")
  raises("malformed pattern (missing arguments to '%b')", string.find, "x", "%b(")
end)

case("'%f' is a frontier", function()
  same((("THE (quick) fox"):gsub("%f[%a]%a+", "x")), "x (x) x")
  gives({ 1, 3 }, ("THE quick"):find("%f[%a]%a+%f[%A]"))
  same(("abc"):find("%f[%z]"), 4) -- the end counts as \0
  same((("[[]]"):gsub("%f[]]", "x")), "[[x]]")
  raises("missing '[' after '%f' in pattern", string.find, "x", "%f")
  raises("missing '[' after '%f' in pattern", string.find, "x", "%fa")
end)

case("string.find with a pattern", function()
  gives({ 2, 3 }, ("abcd"):find("b."))
  gives({ n = 1, nil }, ("abcd"):find("x"))
  gives({ 4, 4 }, ("abab"):find("b", 3))
  gives({ 4, 4 }, ("abab"):find("b", -1))
  gives({ 1, 0 }, (""):find(""))
  gives({ n = 1, nil }, ("abc"):find("", 5))
  gives({ 1, 1 }, ("abc"):find("a", -100))
  gives({ 3, 4, "\0" }, ("ab\0c"):find("(%z)c"))
  raises("bad argument #2 to 'string.find' (string expected, got no value)", string.find, "x")
end)

case("string.match", function()
  gives({ "2026", "11" }, ("2026-11-26"):match("(%d+)-(%d+)"))
  same(("abc"):match("b"), "b")
  same(("abc"):match("^b"), nil)
  same(("abc"):match("^b", 2), "b")
  same(("abc"):match(".", -1), "c")
  gives({ n = 1, nil }, ("abc"):match("a", 10))
  gives({ 2 }, ("abc"):match("()b"))
  raises("bad argument #1 to 'string.match' (string expected, got table)", string.match, {}, "x")
end)

case("string.gmatch", function()
  same(list(("a=1, b=2"):gmatch("(%w+)=(%w+)")), "a=1 b=2")
  local words = {}
  for word in ("one  two"):gmatch("%a+") do words[#words + 1] = word end
  same(table.concat(words, ","), "one,two")
  local empties = 0
  for _ in ("abc"):gmatch("x*") do empties = empties + 1 end
  same(empties, 4)
  local positions = {}
  for at in ("abc"):gmatch("()") do positions[#positions + 1] = at end
  same(table.concat(positions, " "), "1 2 3 4")
  same(("abab"):gmatch("b", 3)(), "b")
  same(("abab"):gmatch("^a")(), nil) -- no anchor here
  same(("abc"):gmatch(".", 10)(), nil)
end)

case("string.gsub with a text", function()
  gives({ "b.n.n.", 3 }, ("banana"):gsub("a", "."))
  gives({ "b..ana", 1 }, ("banana"):gsub("an", "..", 1))
  gives({ "banana", 0 }, ("banana"):gsub("a", "x", 0))
  gives({ "banana", 0 }, ("banana"):gsub("a", "x", -1))
  gives({ "value=key", 1 }, ("key=value"):gsub("(%w+)=(%w+)", "%2=%1"))
  gives({ "<a><b>", 2 }, ("ab"):gsub("%w", "<%0>"))
  gives({ "<a>", 1 }, ("a"):gsub("%w", "<%1>")) -- without captures, %1 is all of it
  gives({ "a%b", 1 }, ("a.b"):gsub("%.", "%%"))
  gives({ "-a-b-", 3 }, ("ab"):gsub("", "-"))
  gives({ "-b-", 2 }, ("ab"):gsub("a*", "-"))
  gives({ "5", 1 }, ("x"):gsub("x", 5))
  raises("invalid use of '%' in replacement string", string.gsub, "x", "x", "%y")
  raises("invalid capture index %2", string.gsub, "x", "(x)", "%2")
end)

case("string.gsub with a table", function()
  local t = { a = "1", b = 2, c = false }
  gives({ "12cd", 4 }, ("abcd"):gsub("%w", t))
  gives({ "1-", 1 }, ("a-"):gsub("(%w)", setmetatable({}, { __index = t })))
  raises("invalid replacement value (a table)", string.gsub, "x", "x", { x = {} })
end)

case("string.gsub with a function", function()
  gives({ "A-b", 1 }, ("a-b"):gsub("^%w", string.upper))
  gives({ "3 x", 1 }, ("1+2 x"):gsub("(%d)%+(%d)", function(a, b) return a + b end))
  gives({ "ab", 2 }, ("ab"):gsub(".", function() end))
  gives({ "ab", 2 }, ("ab"):gsub(".", function() return false end))
  local places = {}
  ;("abc"):gsub("()", function(at) places[#places + 1] = at end)
  same(table.concat(places), "1234")
  raises("invalid replacement value (a boolean)", string.gsub, "x", "x", function() return true end)
  raises("bad argument #3 to 'string.gsub' (string/function/table expected, got no value)", string.gsub, "x", "x")
end)

case("bytes of all values are matched", function()
  same(("\0\1\255"):match("%z(.)\255"), "\1")
  same(("a\0b"):gsub("%z", "-"), "a-b")
  for code = 0, 255 do
    local c = string.char(code)
    for _, text in ipairs { "", "ab]^-.\0%x", c, "ab" .. c .. "b" .. c, ("q"):rep(300) } do
      local before = text:sub(1, (text:find(c, 1, true) or #text + 1) - 1)
      same(text:match("^[^" .. (c == "%" and "%%" or c) .. "]*"), before)
    end
  end
end)

case("some ten captures and optional items fit into the kernel's stack (the manual's 32 captures do not)", function()
  raises("pattern too complex", string.match, ("x"):rep(33), ("(x)"):rep(33))
  raises("pattern too complex", string.match, ("x"):rep(300), ("x?"):rep(300))
  same(("x"):rep(300):match(("x"):rep(300)), ("x"):rep(300)) -- what is fixed takes none
  same(#("x"):rep(3000):match("x*"), 3000)
end)
