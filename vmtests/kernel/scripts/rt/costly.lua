-- SPDX-License-Identifier: MIT OR GPL-2.0-only
local lunatik = require("lunatik")
local rt = lunatik.runtime("rt/child")
rt:resume()
while true do pcall(rt.resume, rt, "spin") rt = lunatik.runtime("rt/child") rt:resume() end
