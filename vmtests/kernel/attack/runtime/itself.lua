-- SPDX-License-Identifier: MIT OR GPL-2.0-only
-- A script that runs itself, which runs itself.
-- process: any
local lunatik = require("lunatik")
child = lunatik.runtime("attack/runtime/itself")
