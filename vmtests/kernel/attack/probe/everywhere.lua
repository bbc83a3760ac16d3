-- SPDX-License-Identifier: MIT OR GPL-2.0-only
-- hardirq: any
-- What leads to every probe, and what they all do.
local probe, lunatik = require("probe"), require("lunatik")
local function greedy(symbol, dump)
  local all = {}
  while true do
    all[#all + 1] = symbol:rep(1000)
    lunatik._ENV.greedy = #all
    pcall(dump)
  end
end
for _, symbol in ipairs { "vfs_write", "_printk", "krealloc_noprof", "__schedule", "ktime_get", "kfree", "do_syscall_64" } do
  pcall(probe.new, symbol, { pre = greedy, post = greedy })
end
