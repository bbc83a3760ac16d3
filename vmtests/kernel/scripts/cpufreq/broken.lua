-- SPDX-License-Identifier: MIT OR GPL-2.0-only
require("cpufreq").register { name = "broken", interval = 10, update = print }
error("on purpose")
