-- SPDX-License-Identifier: MIT OR GPL-2.0-only
-- A million names where packets are judged: to this machine, DNS queries for names of the list are dropped, and
-- datagrams to port 9 that carry such a name behind two bytes.
local netfilter = require("netfilter")
local set = require("set")
local lpm = require("lpm")

local names = set.load("lists/million.list")
local addresses = lpm.load("lists/addresses.list")
assert(#names == 1000000 and names:memory() <= 16 << 20, names:memory())
for i = 1, 1000000, 9973 do
  local name = ("h%07d.ads.test"):format(i)
  assert(names:has(name) and names:match("www." .. name) == 1)
  assert(not names:has("i" .. name:sub(2)) and names:match("i" .. name:sub(2)) == 0)
end
print("bytes: " .. names:memory())

netfilter.register {
  pf = 2, hooknum = 1, priority = 0, -- IPv4, LOCAL_IN
  hook = function(skb)
    local packet = skb:data("net")
    if packet[9] ~= 17 or addresses:match(packet, 16) then return 1 end
    local port = packet:u16(22)
    if port == 9 then return names:match(packet, 30) == 1 and 0 or 1 end
    if port ~= 53 then return 1 end
    return names:question(packet, 28) == 1 and 0 or 1
  end,
}
