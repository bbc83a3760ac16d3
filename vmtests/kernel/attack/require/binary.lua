-- SPDX-License-Identifier: MIT OR GPL-2.0-only
-- The test has made these files.
-- process: ran
-- softirq: ran
assert(not pcall(require, "attack.binary") and not pcall(require, "attack.huge") and not pcall(require, "attack.zeros"))
