-- SPDX-License-Identifier: MIT OR GPL-2.0-only
-- Fails at each descriptor.
local env = require("lunatik")._ENV
env.taken, env.left = 0, 0
require("hid").register {
  name = "spoils", id_table = { { vendor = 0x1234 } },
  probe = function() env.taken = env.taken + 1 end,
  report_fixup = function(_, _, bytes) bytes[0] = 255 error("on purpose") end,
  remove = function() env.left = env.left + 1 end,
}
