-- SPDX-License-Identifier: MIT OR GPL-2.0-only
-- process: out of fuel
-- softirq: out of fuel
local queue, value = require("bpf").queue("/sys/fs/bpf/attacked_queue"), ("v"):rep(4096)
while true do pcall(queue.push, queue, value, 2) pcall(queue.push, queue, value) queue:peek() if #queue % 3 == 0 then queue:pop() end end
