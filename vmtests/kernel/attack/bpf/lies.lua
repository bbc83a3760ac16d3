-- SPDX-License-Identifier: MIT OR GPL-2.0-only
-- process: ran
-- softirq: ran
local bpf = require("bpf")
local map = bpf.hash("/sys/fs/bpf/attacked")
for _, key in ipairs { "", "x", ("x"):rep(100000), "12345" } do
  assert(not pcall(map.lookup, map, key) and not pcall(map.update, map, key, "x") and not pcall(map.next, map, key))
end
assert(not pcall(map.update, map, "1234", "short") and not pcall(map.update, map, "1234", ("v"):rep(4096), -1))
for _, path in ipairs { "", "/", "/etc/passwd", "/sys/fs/bpf", "/dev/zero", "a\0b", ("/x"):rep(5000) } do assert(not pcall(bpf.hash, path)) end
assert(not pcall(bpf.array, "/sys/fs/bpf/attacked"))
map:close() map:close()
assert(not pcall(map.lookup, map, "1234") and not pcall(function() return #map end))
