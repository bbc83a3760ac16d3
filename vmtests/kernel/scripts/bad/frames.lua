-- SPDX-License-Identifier: MIT OR GPL-2.0-only
-- xdp: what a function can do with a frame, and what tools ask.
local rows, xdp, env = require("bad.rows"), require("xdp"), require("lunatik")._ENV
local LOOPBACK <const> = 1
if rows.context ~= "softirq" then
  rows.library("xdp", { { "id", "bytes", good = { "bad/there is none" } }, { "release", "integer", good = { 1 << 20 } }, { "links" } })
  rows.refuses("xdp", "hold", xdp.hold, {}, { 0 }, { 0, 1 }, rows.each({ true, "x", {}, print, -1, 1 << 40 }, {}, { 1 }))
  rows.refuses("xdp", "hold", xdp.hold, rows.each({ true, "x", {}, print, -1 }, { 0 }))
  return
end
rows.works_in("softirq")
local function bad()
  rows.library("xdp", {
    { "ktime" }, { "ifindex" }, { "queue" }, { "length" }, { "fragmented" }, { "adjust_head", "integer" }, { "adjust_tail", "integer" },
    { "udp_reply", "bytes" }, { "tcp_reset" }, { "fib_lookup" }, { "forward" }, { "redirect", "integer", good = { LOOPBACK } },
    { "detach" },
  })
end
xdp.attach(function()
  local ok, message = pcall(bad)
  env.bad_frames = ok and "fine" or tostring(message)
  return 1 -- DROP
end)
