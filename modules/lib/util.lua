-- SPDX-License-Identifier: MIT OR GPL-2.0-only
-- Hexadecimal text, and what scripts that test something print.

local util = {}

local byte, char, format = string.byte, string.char, string.format

-- "\1\255" is "01ff".
function util.bin2hex(bytes)
  return (bytes:gsub(".", function(c) return format("%02x", byte(c)) end))
end

-- "01ff" is "\1\255"; capital letters count as small ones.
function util.hex2bin(hex)
  if #hex % 2 ~= 0 or hex:find("%X") then
    error("util.hex2bin: expected pairs of hexadecimal digits, got '" .. hex .. "'", 2)
  end
  return (hex:gsub("..", function(digits) return char(tonumber(digits, 16)) end))
end

-- A line of the kernel's log: WHAT in capitals, then the values, tabs between them.
function util.log(what, ...)
  local words = table.pack(what:upper(), ...)
  for i = 2, words.n do words[i] = tostring(words[i]) end
  print(table.concat(words, "\t", 1, words.n))
end

-- Runs a function; the line says PASS or FAIL, its name, and what it raised.
function util.test(name, f)
  local ok, problem = pcall(f)
  if ok then util.log("pass", name) else util.log("fail", name, problem) end
end

return util
