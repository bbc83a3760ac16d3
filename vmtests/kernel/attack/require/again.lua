-- SPDX-License-Identifier: MIT OR GPL-2.0-only
-- What fails is read and compiled again.
-- process: any
-- softirq: any
while true do pcall(require, "attack.broken") end
