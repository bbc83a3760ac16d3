-- SPDX-License-Identifier: MIT OR GPL-2.0-only
-- Whoever logs the error runs into it.
-- hook: fails
error(setmetatable({}, { __tostring = function() while true do end end }))
