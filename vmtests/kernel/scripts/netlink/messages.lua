-- SPDX-License-Identifier: MIT OR GPL-2.0-only
-- Netlink's messages as bytes, and sessions with a kernel that says what the test wants.
local message, session = require("netlink.message"), require("netlink.session")
local nl = require("linux.netlink")

-- There and back: integers, bytes, attributes in attributes, none.
local payload = message.attrs { [9] = true, [4] = 0x01020304, [3] = "eth0\0", [7] = { [2] = 5, [1] = "x" } }
local one = message.encode(16, 5, 7, payload)
assert(#one % 4 == 0 and message.encode(16, 5, 7, payload) == one)
local all = message.parse(one .. message.encode(17, 0, 8, ""))
assert(#all == 2 and all[1].type == 16 and all[1].flags == 5 and all[1].seq == 7 and all[1].body == payload)
assert(all[2].type == 17 and all[2].body == "")
local attrs = message.attrs(all[1].body, 1)
assert(message.u32(attrs[4]) == 0x01020304 and message.str(attrs[3]) == "eth0" and attrs[9] == "")
assert(message.u32(message.attrs(attrs[7])[2]) == 5 and message.attrs(attrs[7])[1] == "x")
assert(message.u32(nil) == nil and message.str(nil) == nil and message.str("no end") == "no end")
-- In the order of their types, whatever the table's.
assert(payload:byte(3) == 3 and message.attrs {} == "" and next(message.attrs("")) == nil)

-- What is not whole is left out; what no bytes can be is an error.
for length = 0, #one - 1 do assert(#message.parse(one:sub(1, length)) == 0) end
for _, length in ipairs { 0, 15, 17, 1 << 31 } do
  assert(#message.parse(string.pack("=I4I2I2I4I4", length, 16, 0, 0, 0)) == 0)
end
assert(next(message.attrs(string.pack("=I2I2", 3, 1))) == nil)
for _, wrong in ipairs { -1, 1 << 32, false } do assert(not pcall(message.attrs, { [1] = wrong })) end
assert(not pcall(message.attrs, { [1] = ("x"):rep(65536) }) and not pcall(message.u32, "abc"))

-- A session whose socket receives these, one after the other, then nothing.
local function says(...)
  local chunks, next = { ... }, 0
  local socket = { send = function() end }
  function socket:receive()
    next = next + 1
    return chunks[next] or ""
  end
  return session:new { socket = socket, sequence = 0 }
end
local function raises(name, f, ...)
  local ok, problem = pcall(f, ...)
  assert(not ok and problem == name, ("expected '%s', got %s"):format(name, tostring(problem)))
end
local MULTI, INTR = nl.flag.MULTI, nl.flag.DUMP_INTR
local function code(kind, number, seq) return message.encode(kind, MULTI, seq or 1, string.pack("=i4", number)) end
local function object(seq, flags) return message.encode(20, MULTI | (flags or 0), seq or 1, "objects!") end

assert(#says(""):dump(20, "") == 0)
assert(#says(object() .. object(), object(), code(nl.type.DONE, 0)):dump(20, "") == 4)
assert(#says(message.encode(20, 0, 1, "alone")):dump(20, "") == 1)
assert(#says(object() .. code(nl.type.ERROR, 0)):talk(20, nil, "") == 2)
raises("ENOENT", function() says(code(nl.type.ERROR, -2)):talk(20, nil, "") end)
raises("EPERM", function() says(object() .. code(nl.type.ERROR, -1)):dump(20, "") end)
raises("EINTR", function() says(object() .. code(nl.type.DONE, -4)):dump(20, "") end)
-- Of another request that was given up.
local late = says(object(0) .. code(nl.type.ERROR, -2, 0), object() .. code(nl.type.ERROR, 0)):talk(20, nil, "")
assert(#late == 2 and late[1].body == "objects!")
-- Torn ones are asked for again, and given up at last.
local torn = says(object(1, INTR) .. code(nl.type.DONE, 0), object(2) .. code(nl.type.DONE, 0, 2)):dump(20, "")
assert(#torn == 2 and torn[1].seq == 2)
local chunks = {}
for turn = 1, 9 do chunks[turn] = object(turn, INTR) .. code(nl.type.DONE, 0, turn) end
raises("EAGAIN", function() says(table.unpack(chunks)):dump(20, "") end)
