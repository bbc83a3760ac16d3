-- SPDX-License-Identifier: MIT OR GPL-2.0-only
local rows, bpf, map = require("bad.rows"), require("bpf"), require("bpf.map")
local HASH <const>, QUEUE <const> = "/sys/fs/bpf/bad_hash", "/sys/fs/bpf/bad_queue"
for _, name in ipairs { "hash", "array", "lru_hash", "queue", "stack" } do rows.library("bpf", { { name, "string" } }) end
rows.class("bpf.hash", function() return bpf.hash(HASH) end, {
  { "lookup", "bytes", good = { "key0" } }, { "update", "bytes", "bytes", "integer?", good = { "key0", "value000" } },
  { "delete", "bytes", good = { "key0" } }, { "remove", "bytes", good = { "key0" } }, { "next", "bytes?", good = { "key0" } },
  { "info" }, { "close" },
}, "close")
rows.class("bpf.queue", function() return bpf.queue(QUEUE) end, {
  { "push", "bytes", "integer?", good = { "value000" } }, { "pop" }, { "peek" }, { "info" }, { "close" },
}, "close")

-- The same as tables: what is no path, and what is no spec.
for _, name in ipairs { "hash", "array", "lru_hash" } do
  rows.library("bpf.map", { any = true, { name, "bytes", "bytes", "bytes", good = { HASH, "c4", "c8" } } })
end
for _, name in ipairs { "queue", "stack" } do rows.library("bpf.map", { any = true, { name, "bytes", "bytes", good = { QUEUE, "c8" } } }) end
for _, name in ipairs { "info", "close" } do
  rows.refuses("bpf.map", name, map[name], {}, rows.each({ true, 1, "x", {}, print, setmetatable({}, {}) }, {}))
end
rows.class("bpf.map", function() return map.queue(QUEUE, "I8") end, {
  any = true, { "push", "integer", "integer?" }, { "pop" }, { "peek" }, { "info" }, { "close" },
}, "close")
