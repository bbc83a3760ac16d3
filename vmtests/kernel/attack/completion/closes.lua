-- SPDX-License-Identifier: MIT OR GPL-2.0-only
-- process: ran
-- Who stops it would wait for ever.
local event = require("completion").new()
kept = setmetatable({}, { __gc = function() event:wait() end })
