-- SPDX-License-Identifier: MIT OR GPL-2.0-only
-- probe, syscall, hid, cpufreq
local rows, env = require("bad.rows"), require("lunatik")._ENV
local probe, hid, driver, cpufreq = require("probe"), require("hid"), require("hid.driver"), require("cpufreq")
local function nothing() end
rows.library("syscall", { { "address", "integer" } })
rows.library("cpufreq", { { "register", "table" } })
local made = 0
rows.class("cpufreq.governor", function()
  made = made + 1
  return cpufreq.register { name = "bad" .. made, interval = 1000, update = nothing }
end, { { "stop" } })

local function wrong(name, f, of)
  for _, value in ipairs { true, 1, "", "x", {}, print, ("x"):rep(1000), -1 } do
    rows.refuses(of, name, f, { value, value }, { value })
    if type(value) ~= "table" then rows.refuses(of, name, f, { "_printk", value == "" and 1 or value }) end
  end
end
rows.works_in("softirq")
wrong("register", hid.register, "hid")
rows.refuses("hid.driver", "register", driver.register, {}, { "x" }, { "x", {} },
  rows.each({ true, 1, {}, print }, {}, { {}, nothing }))
rows.refuses("hid.driver", "register", driver.register, rows.each({ true, 1, "x", print }, { "x" }, { nothing }))
rows.refuses("hid.driver", "register", driver.register, rows.each({ true, 1, "x", {} }, { "x", {} }))

rows.works_in("hardirq")
wrong("new", probe.new, "probe")
rows.class("probe", function() return probe.new("__x64_sys_sync", { pre = nothing }) end, { { "stop" }, { "enable", "value" }, { "missed" } })
-- What a handler gets is tried when it is called.
if rows.context == "hardirq" then
  local function handler(_, dump, argument)
    rows.library("probe", { { "dump" }, { "argument", "integer" } }, { dump = dump, argument = argument })
  end
  probe.new("__x64_sys_sync", { pre = function(...)
    local ok, message = pcall(handler, ...)
    env.bad_handler = ok and "fine" or tostring(message)
  end })
end
