-- SPDX-License-Identifier: MIT OR GPL-2.0-only
-- string.format.

local format = string.format

case("string.format without specifiers", function()
  gives({ "", "text", "100%", "a\0b" }, format(""), format("text"), format("100%%"), format("a\0b"))
  same(("%s"):format("x", "not used"), "x")
end)

case("string.format %d and %i", function()
  gives({ "5", "-5", "0", "5" }, format("%d", 5), format("%d", -5), format("%i", 0), format("%d", "5"))
  same(format("%d", math.mininteger), "-9223372036854775808")
  gives({ "[   42]", "[42   ]", "[00042]", "[+42]", "[ 42]", "[  042]" }, format("[%5d]", 42), format("[%-5d]", 42),
    format("[%05d]", 42), format("[%+d]", 42), format("[% d]", 42), format("[%5.3d]", 42))
  same(format("[%+05d]", 7), "[+0007]")
  raises("bad argument #2 to 'string.format' (number expected, got string)", format, "%d", "x")
  raises("bad argument #2 to 'string.format' (number expected, got string)", format, "%d", "1.5")
  raises("bad argument #2 to 'string.format' (no value)", format, "%d")
end)

case("string.format %.0d and %#x of 0 are what the C library makes of them: the kernel's are 0 and 0x0 (the manual's: nothing and 0)", function()
  local zero, hexadecimal = format("%.0d", 0), format("%#x", 0)
  same(zero == "" or zero == "0", true)
  same(hexadecimal == "0" or hexadecimal == "0x0", true)
end)

case("string.format %u writes integers without a sign", function()
  gives({ "5", "18446744073709551615", "[005]" }, format("%u", 5), format("%u", -1), format("[%03u]", 5))
end)

case("string.format %x, %X and %o", function()
  gives({ "ff", "FF", "377" }, format("%x", 255), format("%X", 255), format("%o", 255))
  gives({ "ffffffffffffffff", "0xff", "0XFF", "0377" }, format("%x", -1), format("%#x", 255), format("%#X", 255), format("%#o", 255))
  gives({ "[00ff]", "[ff  ]", "[  0ff]" }, format("[%04x]", 255), format("[%-4x]", 255), format("[%5.3x]", 255))
  raises("invalid conversion specification: '%+x'", format, "%+x", 1)
end)

case("string.format %c", function()
  gives({ "A", "\0", "[  A]", "[A  ]" }, format("%c", 65), format("%c", 0), format("[%3c]", 65), format("[%-3c]", 65))
  raises("invalid conversion specification: '%.1c'", format, "%.1c", 65)
end)

case("string.format %s", function()
  gives({ "abc", "[  abc]", "[abc  ]", "[ab]", "[   ab]" }, format("%s", "abc"), format("[%5s]", "abc"), format("[%-5s]", "abc"),
    format("[%.2s]", "abc"), format("[%5.2s]", "abc"))
  gives({ "nil true 5", "a\0b" }, format("%s %s %s", nil, true, 5), format("%s", "a\0b"))
  same(#format("%s", ("x"):rep(1000)), 1000)
  same(format("%5s", ("x"):rep(200)), ("x"):rep(200))
  same(format("%s", setmetatable({}, { __tostring = function() return "object" end })), "object")
  raises("bad argument #2 to 'string.format' (string contains zeros)", format, "%5s", "a\0b")
  raises("bad argument #2 to 'string.format' (no value)", format, "%s")
  raises("bad argument #3 to 'string.format' (no value)", format, "%s %s", 1)
  raises("invalid conversion specification: '%05s'", format, "%05s", "x")
end)

case("string.format %q writes what Lua reads", function()
  for _, value in ipairs { "plain", 'quo"te', "back\\slash", "line\nend", "\r\0\1\0011", "\200", "" } do
    same(run("return " .. format("%q", value)), value)
  end
  same(format("%q", 'a"b\n\0001\r'), '"a\\"b\\\n\\0001\\13"')
  for _, value in ipairs { 0, -7, math.maxinteger, math.mininteger, true } do same(run("return " .. format("%q", value)), value) end
  gives({ "false", "nil", "0x8000000000000000" }, format("%q", false), format("%q", nil), format("%q", math.mininteger))
  raises("bad argument #2 to 'string.format' (value has no literal form)", format, "%q", {})
  raises("specifier '%q' cannot have modifiers", format, "%5q", "x")
end)

case("string.format %p", function()
  local t = {}
  same(format("%p", t), format("%p", t))
  same(format("%p", t) ~= format("%p", {}), true)
  same(format("%p", 5), "(null)")
  same(#format("%40p", t), 40)
  raises("invalid conversion specification: '%.3p'", format, "%.3p", t)
end)

case("string.format of floats is absent (the manual has %a, %e, %f and %g)", function()
  for specifier in ("aAeEfgG"):gmatch(".") do
    raises("invalid conversion '%" .. specifier .. "' to 'format'", format, "%" .. specifier, 1)
  end
end)

case("string.format refuses what is no specifier", function()
  raises("invalid conversion '%' to 'format'", format, "%", 1)
  raises("invalid conversion '%y' to 'format'", format, "%y", 1)
  raises("invalid conversion specification: '%123d'", format, "%123d", 1)
  raises("invalid conversion specification: '%.123d'", format, "%.123d", 1)
  raises("invalid format (too long)", format, "%0000000000000000000000000000000d", 1)
  raises("bad argument #1 to 'string.format' (string expected, got no value)", format)
end)
