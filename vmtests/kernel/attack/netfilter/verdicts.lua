-- SPDX-License-Identifier: MIT OR GPL-2.0-only
-- What is no verdict is none, however it looks.
-- hook: fails
local keep = require("attack.keep")
local verdicts = { 2, 4, 6, 255, 256, -1, 1 << 32, (1 << 32) + 1, math.mininteger, "x", {}, true, print, 0x10002 }
keep.turn = (keep.turn or 0) % #verdicts + 1
return verdicts[keep.turn]
