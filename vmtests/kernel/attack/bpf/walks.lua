-- SPDX-License-Identifier: MIT OR GPL-2.0-only
-- process: out of fuel
-- softirq: out of fuel
local map = require("bpf").hash("/sys/fs/bpf/attacked")
while true do for key in map.next, map do map:delete(key) map:update(key, ("w"):rep(4096)) end map:next() end
