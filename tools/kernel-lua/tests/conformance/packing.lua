-- SPDX-License-Identifier: MIT OR GPL-2.0-only
-- string.pack, string.unpack and string.packsize.

local pack, unpack, packsize = string.pack, string.unpack, string.packsize

case("string.pack b, B, h, H, i, I, l, L, j, J, T and n", function()
  for option, size in pairs { b = 1, B = 1, h = 2, H = 2, i = 4, I = 4, l = 8, L = 8, j = 8, J = 8, T = 8, n = 8 } do
    same(packsize(option), size)
    for _, value in ipairs { 0, 1, 127 } do
      local bytes = pack("<" .. option, value)
      same(bytes, string.char(value) .. ("\0"):rep(size - 1))
      gives({ value, size + 1 }, unpack("<" .. option, bytes))
    end
  end
  for option in ("bhiljn"):gmatch(".") do same(unpack(option, pack(option, -2)), -2) end
  same(unpack("B", "\xff"), 255)
  same(unpack("b", "\xff"), -1)
  same(unpack("<H", "\xff\xff"), 65535)
  same(unpack("<I", "\xff\xff\xff\xff"), 0xffffffff)
  same(unpack("<J", ("\xff"):rep(8)), -1)
end)

case("string.pack 'n' is an integer (the manual's a float), and f and d are absent", function()
  same(pack("<n", 258), "\2\1\0\0\0\0\0\0")
  raises("invalid format option 'f'", pack, "f", 1)
  raises("invalid format option 'd'", pack, "d", 1)
end)

case("string.pack i1 to i16", function()
  for size = 1, 16 do
    local option = "<i" .. size
    same(packsize(option), size)
    same(pack(option, -1), ("\xff"):rep(size))
    gives({ -1, size + 1 }, unpack(option, pack(option, -1)))
    same(pack(">I" .. size, 7), ("\0"):rep(size - 1) .. "\7")
    gives({ 7, size + 1 }, unpack(">I" .. size, pack(">I" .. size, 7)))
  end
  raises("integral size (0) out of limits [1,16]", pack, "i0", 1)
  raises("integral size (17) out of limits [1,16]", pack, "i17", 1)
  raises("12-byte integer does not fit into Lua Integer", unpack, "<i12", ("\1"):rep(12))
end)

case("string.pack refuses what does not fit", function()
  raises("bad argument #2 to 'string.pack' (integer overflow)", pack, "b", 128)
  raises("bad argument #2 to 'string.pack' (integer overflow)", pack, "b", -129)
  raises("bad argument #2 to 'string.pack' (unsigned overflow)", pack, "B", 256)
  raises("bad argument #2 to 'string.pack' (unsigned overflow)", pack, "I2", -1)
  raises("bad argument #3 to 'string.pack' (number expected, got string)", pack, "bb", 1, "x")
  raises("bad argument #2 to 'string.pack' (number expected, got nil)", pack, "b")
end)

case("string.pack '<', '>' and '=' set the order of bytes", function()
  gives({ "\1\0", "\0\1", "\1\0" }, pack("<H", 1), pack(">H", 1), pack("=H", 1))
  same(pack("<H>H<H", 1, 1, 1), "\1\0\0\1\1\0")
  gives({ 258, 513, 4 + 1 }, unpack(">H<H", "\1\2\1\2"))
end)

case("string.pack '!' aligns", function()
  same(pack("<!4 b i4", 1, 2), "\1\0\0\0\2\0\0\0")
  same(pack("<!2 b i4", 1, 2), "\1\0\2\0\0\0")
  same(pack("<b i4", 1, 2), "\1\2\0\0\0") -- no alignment by default
  same(packsize("!8 b j"), 16)
  same(packsize("! b j"), 16)
  gives({ 1, 2, 9 }, unpack("<!4 b i4", "\1\0\0\0\2\0\0\0"))
  raises("bad argument #1 to 'string.pack' (format asks for alignment not power of 2)", pack, "!4 i3", 1)
  raises("integral size (17) out of limits [1,16]", pack, "!17", 1)
end)

case("string.pack 'x' is a zero, 'X' aligns to an option", function()
  same(pack("<bxb", 1, 2), "\1\0\2")
  same(pack("<!4 b Xi4 b", 1, 2), "\1\0\0\0\2")
  same(packsize("<!8 b Xj"), 8)
  gives({ 1, 2, 4 }, unpack("bxb", "\1\0\2"))
  raises("bad argument #1 to 'string.pack' (invalid next option for option 'X')", pack, "X")
  raises("bad argument #1 to 'string.pack' (invalid next option for option 'X')", pack, "Xz")
end)

case("string.pack 's' is a text with its length", function()
  same(pack("<s1", "abc"), "\3abc")
  same(pack(">s2", "abc"), "\0\3abc")
  same(#pack("s", "abc"), 11)
  gives({ "abc", 5 }, unpack("<s1", "\3abcdef"))
  gives({ "", "x", 4 }, unpack("s1s1", "\0\1x"))
  raises("bad argument #2 to 'string.pack' (string length does not fit in given size)", pack, "s1", ("x"):rep(256))
  raises("bad argument #2 to 'string.unpack' (data string too short)", unpack, "s1", "\5abc")
  raises("bad argument #2 to 'string.unpack' (data string too short)", unpack, "s8", ("\255"):rep(8))
end)

case("string.pack 'z' is a text up to a zero", function()
  same(pack("zz", "ab", ""), "ab\0\0")
  gives({ "ab", "", 5 }, unpack("zz", "ab\0\0"))
  raises("bad argument #2 to 'string.pack' (string contains zeros)", pack, "z", "a\0b")
  raises("bad argument #2 to 'string.unpack' (unfinished string for format 'z')", unpack, "z", "abc")
end)

case("string.pack 'cN' is a text of N bytes", function()
  gives({ "abc", "ab\0\0\0", "" }, pack("c3", "abc"), pack("c5", "ab"), pack("c0", ""))
  gives({ "ab", "c", 4 }, unpack("c2c1", "abcd"))
  raises("bad argument #2 to 'string.pack' (string longer than given size)", pack, "c2", "abc")
  raises("missing size for format option 'c'", pack, "c", "x")
  raises("bad argument #2 to 'string.unpack' (data string too short)", unpack, "c4", "abc")
end)

case("string.pack ignores spaces, and knows no other options", function()
  same(pack(" b  b ", 1, 2), "\1\2")
  same(pack(""), "")
  raises("invalid format option 'y'", pack, "y", 1)
  raises("invalid format option 'r'", pack, "r")
end)

case("string.unpack begins where it is told", function()
  gives({ 2, 3 }, unpack("b", "\1\2\3", 2))
  gives({ 3, 4 }, unpack("b", "\1\2\3", -1))
  gives({ 4 }, unpack("", "\1\2\3", 4))
  raises("bad argument #3 to 'string.unpack' (initial position out of string)", unpack, "b", "abc", 5)
  raises("bad argument #2 to 'string.unpack' (data string too short)", unpack, "b", "abc", 4)
  raises("bad argument #2 to 'string.unpack' (data string too short)", unpack, "i4", "abc")
end)

case("string.packsize refuses sizes that depend on values or are too large", function()
  gives({ 0, 7, 13 }, packsize(""), packsize("bhi4"), packsize("c13"))
  raises("bad argument #1 to 'string.packsize' (variable-length format)", packsize, "s")
  raises("bad argument #1 to 'string.packsize' (variable-length format)", packsize, "z")
  raises("bad argument #1 to 'string.packsize' (format result too large)", packsize, ("c922337203685477580"):rep(11))
end)
