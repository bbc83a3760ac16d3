-- SPDX-License-Identifier: MIT OR GPL-2.0-only
-- hook: ran
local netfilter = require("netfilter")
local function refused(options)
  options.hook = function() return 0 end
  local ok, problem = pcall(netfilter.register, options)
  assert(not ok and problem:find("while the script loads", 1, true), problem)
end
for _ = 1, 10 do
  refused { pf = 2, hooknum = 1 }
  refused { pf = 5, hooknum = 0, dev = "lo" }
  refused { pf = 5, hooknum = 0, dev = "nowhere" }
  refused { pf = 5, hooknum = 0, dev = {} }
end
return 1
