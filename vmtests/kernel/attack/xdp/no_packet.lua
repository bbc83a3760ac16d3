-- SPDX-License-Identifier: MIT OR GPL-2.0-only
-- softirq: ran
-- hook: ran
local xdp = require("xdp")
for _, name in ipairs { "ifindex", "queue", "length", "fragmented", "adjust_head", "adjust_tail", "redirect", "udp_reply", "tcp_reset",
  "fib_lookup", "forward" } do
  assert(not pcall(xdp[name], 1), name)
end
xdp.detach() xdp.detach()
return 1
