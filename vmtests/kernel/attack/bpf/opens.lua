-- SPDX-License-Identifier: MIT OR GPL-2.0-only
-- process: out of fuel
-- softirq: out of fuel
local bpf = require("bpf")
while true do bpf.hash("/sys/fs/bpf/attacked"):close() pcall(bpf.hash, "/sys/fs/bpf/none") end
