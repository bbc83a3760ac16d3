-- SPDX-License-Identifier: MIT OR GPL-2.0-only
table.insert(setmetatable({}, {__len = function() return (1<<62) end}), 1, 1)
