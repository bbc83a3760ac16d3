-- SPDX-License-Identifier: MIT OR GPL-2.0-only
-- The least that a hook can do.
local DROP = 0
function hook() return DROP end
