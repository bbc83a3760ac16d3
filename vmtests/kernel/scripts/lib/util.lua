-- SPDX-License-Identifier: MIT OR GPL-2.0-only
-- What the library `util` promises. Runs in the kernel and on the host.
local util = require("util")

local function raises(pattern, f, ...)
  local ok, message = pcall(f, ...)
  assert(not ok and message:find(pattern, 1, true), tostring(message))
end

local all = {}
for i = 0, 255 do all[#all + 1] = string.char(i) end
all = table.concat(all)
local hex = util.bin2hex(all)
assert(#hex == 512 and hex:sub(1, 8) == "00010203" and hex:sub(-4) == "feff")
assert(util.hex2bin(hex) == all and util.hex2bin("0A" .. "fF") == "\10\255")
assert(util.bin2hex("") == "" and util.hex2bin("") == "")
assert(select("#", util.bin2hex("a")) == 1 and select("#", util.hex2bin("61")) == 1)
assert(util.hex2bin(util.bin2hex(("x"):rep(3000))) == ("x"):rep(3000))
raises("pairs of hexadecimal digits, got '012'", util.hex2bin, "012")
raises("pairs of hexadecimal digits, got '0g'", util.hex2bin, "0g")

-- What they print.
local lines, print_before = {}, print
print = function(line) lines[#lines + 1] = line end
util.log("info", 1, nil, true)
util.test("good", function() end)
util.test("bad", function() error("reason", 0) end)
util.test("strange", function() error({}) end)
print = print_before
assert(lines[1] == "INFO\t1\tnil\ttrue", lines[1])
assert(lines[2] == "PASS\tgood" and lines[3] == "FAIL\tbad\treason", lines[3])
assert(lines[4]:find("^FAIL\tstrange\ttable: "))
