-- SPDX-License-Identifier: MIT OR GPL-2.0-only
-- process: ran
-- softirq: ran
-- hook: ran
local set, lpm = require("set"), require("lpm")
for _, list in ipairs { { {} }, { print }, { [{}] = "x", true }, { 1, 2, {} } } do assert(not pcall(set.new, list)) end
for _, list in ipairs { { x = "y" }, { [1] = 1 }, { [("x"):rep(256)] = 1 }, { x = {} } } do assert(not pcall(set.labeled, list)) end
for _, list in ipairs { { "x" }, { "10.0.0.0/33" }, { ["::/129"] = 1 }, { true }, { ["10.0.0.1/8"] = {} } } do
  assert(not pcall(lpm.new, list))
end
for _, path in ipairs { "../etc/passwd", "/etc/passwd", "/dev/zero", "", "a\0b", ("x"):rep(5000), "attack" } do
  assert(not pcall(set.load, path) and not pcall(lpm.load, path))
end
return 1
