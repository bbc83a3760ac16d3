-- SPDX-License-Identifier: MIT OR GPL-2.0-only
local rows, socket = require("bad.rows"), require("socket")
local linux = require("linux.socket")
local INET, DGRAM = linux.af.INET, linux.sock.DGRAM
rows.library("socket", { { "new", "integer", "integer", "integer", good = { INET, DGRAM, 0 } } })
rows.class("socket", function() return socket.new(INET, DGRAM, 0) end, {
  { "send", "bytes" }, { "receive", "integer", "integer?", good = { 1, linux.msg.DONTWAIT }, waits = true },
  { "listen", "integer?" }, { "accept", "integer?", waits = true }, { "setsockopt", "integer", "integer", "value", good = { 1, 2, 1 } },
  { "getsockname" }, { "getpeername" }, { "close" },
}, "close")
local ok, s = pcall(socket.new, INET, DGRAM, 0)
if ok then
  for _, address in ipairs { true, {}, print, "x", s, -1, 1 << 32, math.mininteger } do
    for _, method in ipairs { "bind", "connect" } do
      rows.refuses("socket", method, s[method], {}, { s }, { 1, 0x7f000001, 1 }, { s, address, 1 }, { s, 0x7f000001, address })
    end
    assert(not pcall(s.send, s, "x", address, 1) and not pcall(s.send, s, "x", 0x7f000001, address))
  end
  for _, value in ipairs { true, {}, print, s } do assert(not pcall(s.setsockopt, s, 1, 2, value)) end
  for _, length in ipairs { -1, 1048577, math.mininteger, math.maxinteger } do assert(not pcall(s.receive, s, length)) end
end
