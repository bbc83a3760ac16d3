-- SPDX-License-Identifier: MIT OR GPL-2.0-only
local rows, channel, message = require("bad.rows"), require("netlink.channel"), require("netlink").message
rows.library("netlink.channel", { { "new", "string", good = { "bad-input" } } })
local made = 0
local function new()
  made = made + 1
  return channel.new("bad-input" .. made)
end
rows.class("netlink.channel", new, {
  { "multicast", "integer", "string?" }, { "unicast", "integer", "integer", "string?", good = { 1, 1, "x" } }, { "close" },
}, "close")
rows.library("netlink.message", {
  any = true, { "encode", "integer", "integer", "integer", "bytes" }, { "u32", "text?" }, { "str", "text?" },
})
rows.refuses("netlink.message", "parse", message.parse, {}, rows.each({ true, 1, print, { ("x"):rep(16), 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16 } }, {}))
rows.refuses("netlink.message", "attrs", message.attrs, {}, rows.each({ true, 1, print, { x = 1 }, { [1] = print }, { [-1] = 1 } }, {}))
for _, bytes in ipairs { "", "x", ("\0"):rep(16), ("\xff"):rep(64) } do message.parse(bytes) message.attrs(bytes) end
