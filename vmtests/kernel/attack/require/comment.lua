-- SPDX-License-Identifier: MIT OR GPL-2.0-only
-- Nearly a mebibyte that is one word for the compiler.
-- process: any
-- softirq: any
while true do pcall(require, "attack.comment") end
