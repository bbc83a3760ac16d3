-- SPDX-License-Identifier: MIT OR GPL-2.0-only
-- process: any
local all = {}
while true do all[#all + 1] = io.open("/proc/version") end
