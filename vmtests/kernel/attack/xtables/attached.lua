-- SPDX-License-Identifier: MIT OR GPL-2.0-only
-- softirq: rules need one state
-- process: rules need one state
require("xtables").attach(print)
