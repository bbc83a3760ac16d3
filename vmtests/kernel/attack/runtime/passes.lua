-- SPDX-License-Identifier: MIT OR GPL-2.0-only
-- process: any
local lunatik = require("lunatik")
local child = lunatik.runtime("rt/echo")
for _, value in ipairs { {}, print, coroutine.create(print), child } do pcall(child.resume, child, value) end
child:stop() child:stop()
assert(not pcall(child.resume, child))
