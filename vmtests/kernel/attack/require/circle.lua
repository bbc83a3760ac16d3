-- SPDX-License-Identifier: MIT OR GPL-2.0-only
-- process: any
-- softirq: any
require("attack.require.circle")
