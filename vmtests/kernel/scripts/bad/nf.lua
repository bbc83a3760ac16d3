-- SPDX-License-Identifier: MIT OR GPL-2.0-only
-- nflua's functions when a rule asks.
local bad = require("bad.rules")
require("nflua")
function ask() return bad("nf") end
