-- SPDX-License-Identifier: MIT OR GPL-2.0-only
-- Addresses of IP.

local lpm = require("lpm")

local network = {}

-- What is no address of the Internet: private, of a link, of groups, unspecified.
network.LOCAL = {
  "0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12", "192.168.0.0/16", "224.0.0.0/3",
  "::/127", "fc00::/7", "fe80::/10", "ff00::/8",
}

-- The set of a parameter's list of addresses and prefixes: a function that tells whether a packet goes to one.
function network.list(list, parameter)
  local labels = {}
  for _, prefix in ipairs(type(list) == "table" and list or { list }) do
    -- Prefixes of hardware addresses have colons, too, but no more than two digits between them.
    local is_hardware = type(prefix) == "string" and prefix:find("^%x%x:[%x:]+$") and not prefix:find("::", 1, true)
      and not prefix:find("%x%x%x")
    if type(prefix) ~= "string" or is_hardware or not pcall(lpm.new, { prefix }) then
      error("parameter '" .. parameter .. "': '" .. tostring(prefix)
        .. "' is no address: write it as 192.168.1.5, 192.168.1.0/24 or 2001:db8::/32", 2)
    end
    labels[prefix] = 1
  end
  local set = lpm.new(labels)
  if #set == 0 then return function() return false end end
  return function(skb)
    local packet = skb:data()
    local at, length = 24, 16
    if #packet > 0 and packet[0] >> 4 == 4 then at, length = 16, 4 end
    return #packet >= at + length and set:match(packet, at, length) ~= nil
  end
end

return network
