-- SPDX-License-Identifier: MIT OR GPL-2.0-only
-- probe, syscall, hid, cpufreq
local rows = require("bad.rows")
rows.library(require("syscall"), { { "address", "integer" } })
rows.library(require("cpufreq"), { { "register", "table" } })
for _, call in ipairs { { require("probe").new }, { require("hid").register } } do
  for _, wrong in ipairs { true, 1, "", "x", {}, print, ("x"):rep(1000), -1 } do
    assert(not pcall(call[1], wrong, wrong), tostring(wrong))
    assert(not pcall(call[1], wrong), tostring(wrong))
    assert(not pcall(call[1], "_printk", wrong == "" and 1 or wrong) or type(wrong) == "table", tostring(wrong))
  end
end
