-- SPDX-License-Identifier: MIT OR GPL-2.0-only
-- hook: fails
local tracing = require("linux").tracing
while true do tracing(true) tracing(false) end
