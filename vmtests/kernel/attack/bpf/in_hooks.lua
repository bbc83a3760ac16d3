-- SPDX-License-Identifier: MIT OR GPL-2.0-only
-- hook: ran
local bpf = require("bpf")
assert(not pcall(bpf.hash, "/sys/fs/bpf/attacked") and not pcall(bpf.queue, "/sys/fs/bpf/attacked_queue"))
return 1
