-- SPDX-License-Identifier: MIT OR GPL-2.0-only
-- Says how long pings to 127.0.0.66 are on their way from before the attack's hook to behind it.
local netfilter = require("netfilter")
local time = require("linux").time

local began = 0

local function attacked(skb)
  local packet = skb:data()
  return packet[9] == 1 and packet[19] == 66
end

netfilter.register {
  pf = 2, hooknum = 1, priority = -10, -- IPv4, LOCAL_IN
  hook = function(skb)
    if attacked(skb) then began = time() end
    return 1
  end,
}
netfilter.register {
  pf = 2, hooknum = 1, priority = 10,
  hook = function(skb)
    local ended = time()
    if attacked(skb) then print("spent " .. ended - began) end
    return 1
  end,
}
