-- SPDX-License-Identifier: MIT OR GPL-2.0-only
-- socket.inet, socket.unix, socket.raw: libraries in Lua on top of `socket`.
local rows, inet, unix = require("bad.rows"), require("socket.inet"), require("socket.unix")
local DONTWAIT <const> = require("linux.socket").msg.DONTWAIT
local HERE <const> = inet.localhost
rows.library("socket.inet", { any = true, { "parse", "bytes" }, { "text", "integer" } })
rows.library("socket.inet", { any = true, { "tcp" }, { "udp" }, { "tcp6" }, { "udp6" } })
for _, kind in ipairs { "udp", "udp6" } do
  rows.class("socket.inet", inet[kind], {
    any = true, { "send", "bytes", "bytes?", "integer?", good = { "x", HERE, 9 } }, { "bind", "bytes", "integer", good = { HERE } },
    { "connect", "bytes", "integer", good = { HERE, 9 } }, { "receive", "integer", "integer?", good = { 1, DONTWAIT }, waits = true },
    { "receivefrom", "integer", "integer?", good = { 1, DONTWAIT }, waits = true },
    { "getaddr", "bytes", good = { "sockname" } }, { "getsockname" }, { "getpeername" }, { "close" },
  }, "close")
end
rows.class("socket.inet", inet.tcp, { any = true, { "listen", "integer?" }, { "accept", "integer?", good = { DONTWAIT }, waits = true } }, "close")

rows.library("socket.unix", { any = true, { "stream", "value" }, { "dgram", "value" } })
local NAME <const> = "\0bad" -- in no file system
for _, kind in ipairs { "stream", "dgram" } do
  rows.class("socket.unix", unix[kind], {
    any = true, { "bind", "bytes", good = { NAME } }, { "connect", "bytes", good = { NAME } }, { "send", "bytes", "bytes?", good = { "x", NAME } },
    { "receive", "integer", "integer?", good = { 1, DONTWAIT }, waits = true }, { "getsockname" }, { "getpeername" }, { "close" },
  }, "close")
end
rows.class("socket.unix", unix.stream, { any = true, { "listen", "integer?" }, { "accept", "integer?", good = { DONTWAIT }, waits = true } }, "close")
rows.class("socket.unix", unix.dgram, {
  any = true, { "sendto", "bytes", "bytes?", good = { "x", NAME } }, { "receivefrom", "integer", "integer?", good = { 1, DONTWAIT }, waits = true },
}, "close")
rows.library("socket.raw", { any = true, { "bind", "integer?", "integer?" } })
