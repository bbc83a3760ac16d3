-- SPDX-License-Identifier: MIT OR GPL-2.0-only
-- xtables.attach, and its link when a rule asks.
local rows, xtables = require("bad.rows"), require("xtables")
rows.works_in("softirq")
rows.refuses("xtables", "attach", xtables.attach, {}, rows.each({ true, 1, "x", {}, require("rcu").table(1) }, {}))
local bad, link = require("bad.rules"), nil
link = xtables.attach(function(_, _, packet) return packet and bad("link", link) end)
