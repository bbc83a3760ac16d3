-- SPDX-License-Identifier: MIT OR GPL-2.0-only
-- cpufreq.policy, cpufreq.classic: what a governor's function is lent.
local rows, env, classic = require("bad.rows"), require("lunatik")._ENV, require("cpufreq.classic")
local function bad(policy)
  local function same() return policy end
  rows.class("cpufreq.policy", same, {
    { "cpu" }, { "cpus" }, { "current" }, { "min" }, { "max" }, { "hardware" }, { "frequencies" }, { "load", "integer?" },
    { "temperature", "string?" }, { "target", "integer", "bytes?", good = { 800000, "at least" } },
  })
  rows.library("cpufreq.classic", { any = true, { "classic", "object", good = { policy } } })
  local cpu = classic(policy)
  rows.library("cpufreq.classic", { any = true, { "getLoad" }, { "getTemp" }, { "target", "integer" } }, cpu)
  rows.library("cpufreq.classic", { any = true, { "getMin" }, { "getMax" }, { "getPrev" }, { "getNext" } }, cpu.tab_freq)
end
require("cpufreq").register {
  name = "bad", interval = 10,
  update = function(policy)
    if env.bad_governor then return end
    local ok, message = pcall(bad, policy)
    env.bad_governor = ok and "fine" or tostring(message)
  end,
}
