-- SPDX-License-Identifier: MIT OR GPL-2.0-only
-- require("attack.hooked")(f): f judges pings to 127.0.0.66. What it may want to use is loaded.
local netfilter = require("netfilter")
for _, name in ipairs { "data", "byteorder", "linux", "fifo", "completion", "rcu", "lunatik", "mailbox", "set", "lpm", "packet",
  "cpu", "xdp", "skb", "bpf", "attack.keep" } do
  require(name)
end

return function(attack)
  netfilter.register {
    pf = 2, hooknum = 1, priority = 0, -- IPv4, LOCAL_IN
    hook = function(skb)
      local packet = skb:data()
      if packet[9] ~= 1 or packet[19] ~= 66 then return 1 end
      return attack(skb)
    end,
  }
end
