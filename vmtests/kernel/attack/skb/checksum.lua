-- SPDX-License-Identifier: MIT OR GPL-2.0-only
-- hook: fails
local copy = (...):copy()
copy:resize(60000)
while true do copy:checksum() end
