-- SPDX-License-Identifier: MIT OR GPL-2.0-only
-- Takes no device; or fails at each.
local env = require("lunatik")._ENV
require("hid").register {
  name = "refuses", id_table = { { vendor = 0x1234 } },
  probe = function() if env.refuse then return -19 end error("on purpose") end,
  remove = function() env.refused = true end,
}
