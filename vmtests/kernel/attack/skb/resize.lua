-- SPDX-License-Identifier: MIT OR GPL-2.0-only
-- hook: fails
local copy = (...):copy()
local length = #copy
while true do copy:resize(65535) copy:resize(length) end
