-- SPDX-License-Identifier: MIT OR GPL-2.0-only
-- softirq: ran
-- process: ran
-- Nothing that is no function of a script with one state is asked.
local attach = require("xtables").attach
for _, value in ipairs { 1, "x", {}, true, attach, coroutine.create(print) } do assert(not pcall(attach, value)) end
assert(not pcall(attach))
