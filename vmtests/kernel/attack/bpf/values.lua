-- SPDX-License-Identifier: MIT OR GPL-2.0-only
-- process: out of fuel
-- softirq: out of fuel
local map, value = require("bpf").hash("/sys/fs/bpf/attacked"), ("v"):rep(4096)
local n = 0
while true do n = (n + 1) % 2000 pcall(map.update, map, string.pack("I4", n), value) map:lookup(string.pack("I4", n)) end
