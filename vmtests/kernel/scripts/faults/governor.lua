-- SPDX-License-Identifier: MIT OR GPL-2.0-only
-- Governs the CPUs of whatever driver comes.
require("cpufreq").register { name = "faults", interval = 10, update = function(policy) policy:target(policy:max()) end }
