-- SPDX-License-Identifier: MIT OR GPL-2.0-only
table.concat(setmetatable({}, {__index = function() return "" end}), "", 1, 1<<62)
