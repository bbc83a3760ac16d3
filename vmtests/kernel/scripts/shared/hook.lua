-- SPDX-License-Identifier: MIT OR GPL-2.0-only
-- Looks at each packet whether the bytes that it was given are whole, and gives nothing of a packet away.
local netfilter, env = require("netfilter"), require("lunatik")._ENV
return function(d)
  d:setint64(8, d:getint64(8) + 1)
  netfilter.register { pf = 2, hooknum = 1, priority = 0, hook = function(skb)
    env.seen = (env.seen or 0) + 1
    local word, text = d:getint64(0), d:getstring(0, 8)
    if word & 0xffffffff ~= word >> 32 then env.torn = word end
    if text:sub(1, 4) ~= text:sub(5) then env.torn = text end
    local ok, message = pcall(function() env.window = skb:data() end)
    env.window_says = ok or message
    ok, message = pcall(function() env.window = skb:copy():data() end)
    env.copy_says = ok or message
    return 1
  end }
  return d:getint64(0)
end
