-- SPDX-License-Identifier: MIT OR GPL-2.0-only
-- Files, as the manual has them.
local path = "/tmp/io"
local function equal(...)
  local n = select("#", ...) // 2
  local all = { ... }
  for index = 1, n do assert(all[index] == all[n + index], ("%d: %s, not %s"):format(index, tostring(all[index]), tostring(all[n + index]))) end
end

local f = assert(io.open(path, "w"))
assert(io.type(f) == "file" and tostring(f) == "file" and io.type(io) == nil and io.type(path) == nil)
assert(f:write("one\n", 2, "\n", "", "\n0x10 -7 x\nlast") == f)
equal(select("#", f:read(1)), 3)
equal(select(2, f:read(1)), "EBADF")
assert(f:flush() == f and f:setvbuf("full", 1024))
equal(f:seek(), f:seek("end"), f:seek(), f:seek())
assert(f:close() == true and io.type(f) == "closed file" and tostring(f) == "file (closed)")

f = assert(io.open(path))
equal(f:read(), "one")
equal(f:read("L"), "2\n")
equal(f:read("*l"), "")
local a, b, c = f:read("n", "n", "n")
equal(a, 16) equal(b, -7) equal(c, nil)
equal(f:read("l"), "x")
equal(f:read(0), "")
equal(f:read(2, 100), "la")
equal(f:read("a"), "")
equal(f:read(0), nil)
equal(f:read("l"), nil)
equal(f:seek("set", 4), 4)
equal(f:read(1), "2")
equal(f:seek("cur", -1), 4)
equal(f:seek("end", -4), #"one\n2\n\n0x10 -7 x\n")
equal(f:read("a"), "last")
equal(f:seek("set", -1), nil)
equal(select(3, f:seek("set", -1)), 22)
equal(f:write("x"), nil)
do local closed <close> = f end
assert(io.type(f) == "closed file")

local lines = {}
for line in io.lines(path) do lines[#lines + 1] = line end
equal(table.concat(lines, "|"), "one|2||0x10 -7 x|last")
lines = {}
for first, rest in io.lines(path, 1, "L") do lines[#lines + 1] = first .. "-" .. tostring(rest) end
equal(lines[1], "o-ne\n")
local file
for line, _ in io.lines(path) do break end
f = io.open(path)
for line in f:lines("l") do file = line end
equal(file, "last")
assert(io.type(f) == "file")
f:close()

-- However many there are at once.
local many = {}
for i = 1, 5000 do many[i] = i % 2 == 0 and i or "x" end
f = assert(io.open("/tmp/many", "w"))
assert(f:write(table.unpack(many)) == f)
f:close()
f = assert(io.open("/tmp/many"))
assert(f:read("a") == table.concat(many))
f:close()

-- Places, and what was read ahead.
f = assert(io.open(path, "r+"))
equal(f:read("l"), "one")
f:write("TWO")
equal(f:read("l"), "0x10 -7 x")
f:close()
f = assert(io.open(path, "a+b"))
f:write("!")
f:seek("set")
equal(f:read("a"), "one\nTWO0x10 -7 x\nlast!")
f:close()
f = assert(io.open(path, "w+"))
equal(f:read("a"), "")
f:write(("x"):rep(10000), "\n", ("y"):rep(10000))
f:seek("set", 0)
equal(#f:read("l"), 10000)
equal(#f:read(4000), 4000)
equal(#f:read("a"), 6000)
f:close()

local function fails(name, ...)
  local result, message, number = io.open(...)
  assert(result == nil and message:find(name, 1, true) and math.type(number) == "integer", message)
end
fails("/tmp/none/x: ENOENT", "/tmp/none/x")
fails("EISDIR", "/tmp", "r")
fails("EISDIR", "/tmp", "w")
local function raises(pattern, g, ...)
  local ok, message = pcall(g, ...)
  assert(not ok and message:find(pattern, 1, true), tostring(message))
end
for _, how in ipairs { "", "x", "rw", "r++", "+", "rbb", "w+x" } do raises("invalid value", io.open, path, how) end
raises("string expected", io.open)
raises("string expected", io.open, {})
raises("invalid value", io.open, "/tmp\0/x")
raises("ENOENT: /tmp/none", io.lines, "/tmp/none")
f = assert(io.open(path))
for _, format in ipairs { "x", "", "*", "*x" } do raises("invalid value", f.read, f, format) end
raises("string expected", f.read, f, {})
raises("integer out of range", f.read, f, -1)
raises("invalid value", f.seek, f, "up")
raises("integer out of range", f.read, f, table.unpack({}, 1, 101))
raises("string expected", f.write, f, true)
raises("invalid or closed object", f.read, 1)
raises("cannot share SINGLE object", function() require("lunatik")._ENV.file = f end)
local reader = f:lines()
f:close()
for _, method in ipairs { "read", "write", "lines", "seek", "flush", "setvbuf", "close" } do raises("closed file", f[method], f) end
raises("closed file", reader)
assert(io.open("/tmp/pipe", "w") == nil)
f = assert(io.open("/tmp/pipe"))
local nothing = f:read(1)
assert(not nothing)
f:close()
-- What nobody closes is closed.
for _ = 1, 300 do io.open(path) end
assert(io.undefined == nil and io[1] == nil and io.open == require("io").open)
raises("not enough memory", function()
  local all = {}
  for index = 1, 100 do all[index] = io.open("/tmp/large"):read(100000) end
end)
collectgarbage()
raises("not enough memory", function() return io.open("/tmp/large"):read("a") end)
raises("not enough memory", function() return io.open("/tmp/large"):read("l") end)
-- Devices that only tasks can read.
local none, name = io.open("/dev/zero"):read(1)
assert(none == nil and name == "EINVAL", name)
return "done"
