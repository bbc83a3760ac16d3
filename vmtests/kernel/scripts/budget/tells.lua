-- SPDX-License-Identifier: MIT OR GPL-2.0-only
-- Fails with objects that say what they are, in the way of a ping's address; and strings that would.
local netfilter = require("netfilter")
getmetatable("").__tostring = function() return "told of a string" end

local function raise(tell) error(setmetatable({}, { __tostring = tell })) end
local ways = {
  [2] = function() raise(function() return "told in time" end) end,
  [3] = function() raise(function() for _ = 1, 3000 do end return "told for too much" end) end,
  [4] = function() error("a string") end,
}

netfilter.register {
  pf = 2, hooknum = 1, priority = 0, -- IPv4, LOCAL_IN
  hook = function(skb)
    local packet = skb:data()
    local way = packet[9] == 1 and ways[packet[19]]
    if way then way() end
    return 1
  end,
}
