-- SPDX-License-Identifier: MIT OR GPL-2.0-only
-- hardirq: out of fuel
local probe, all = require("probe"), {}
while true do all[#all + 1] = probe.new("vfs_read", { pre = function() error("never") end }) end
