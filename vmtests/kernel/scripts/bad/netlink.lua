-- SPDX-License-Identifier: MIT OR GPL-2.0-only
local rows, channel, message = require("bad.rows"), require("netlink.channel"), require("netlink").message
rows.library(channel, { { "new", "string", good = { "bad-input" } } })
local made = 0
local function new()
  made = made + 1
  return channel.new("bad-input" .. made)
end
rows.class(new, {
  { "multicast", "integer", "string?" }, { "unicast", "integer", "integer", "string?", good = { 1, 1, "x" } }, { "close" },
}, "close")
for _, wrong in ipairs { true, 1, print } do assert(not pcall(message.parse, wrong), tostring(wrong)) end
for _, wrong in ipairs { true, {}, "x", print } do assert(not pcall(message.encode, wrong, 0, 0, ""), tostring(wrong)) end
for _, bytes in ipairs { "", "x", ("\0"):rep(16), ("\xff"):rep(64) } do message.parse(bytes) message.attrs(bytes) end
