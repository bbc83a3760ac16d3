-- SPDX-License-Identifier: MIT OR GPL-2.0-only
-- hook: fails
local function deep() return 1 + deep() end
deep()
