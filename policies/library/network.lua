-- SPDX-License-Identifier: MIT OR GPL-2.0-only
-- Addresses of IP.

local lpm = require("lpm")

local network = {}

-- What is no address of the Internet: private, of a link, of groups, unspecified.
network.LOCAL = {
  "0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12", "192.168.0.0/16", "224.0.0.0/3",
  "::/127", "fc00::/7", "fe80::/10", "ff00::/8",
}

-- Prefixes of hardware addresses have colons, too, but no more than two digits between them.
local function is_hardware(prefix)
  return prefix:find("^%x%x:[%x:]+$") and not prefix:find("::", 1, true) and not prefix:find("%x%x%x")
end

-- What is said of a prefix that is none.
local function no_address(prefix, parameter, hardware)
  return "parameter '" .. parameter .. "': " .. prefix .. " is no address: write it as 192.168.1.5, 192.168.1.0/24 or 2001:db8::/32"
    .. (hardware and ", and a device as 02:00:5e:10:00:01 or its first bytes" or "")
end

-- The set of a parameter's list of addresses and prefixes, and with `hardware` of those of devices, too; nil if the list is
-- empty.
function network.set(list, parameter, hardware)
  local labels = {}
  for _, prefix in ipairs(type(list) == "table" and list or { list }) do
    if type(prefix) ~= "string" or not hardware and is_hardware(prefix) then
      error(no_address("'" .. tostring(prefix) .. "'", parameter, hardware), 2)
    end
    labels[prefix] = 1
  end
  if not next(labels) then return nil end
  -- All at once: a script may not make a set for each.
  local made, set = pcall(lpm.new, labels)
  if made then return set end
  -- Its message names the first that is none.
  local prefix = tostring(set):match("'.*'")
  error(prefix and no_address(prefix, parameter, hardware) or set, 2)
end

-- The same without devices, as a function that tells whether a packet goes to one.
function network.list(list, parameter)
  local set = network.set(list, parameter)
  if not set then return function() return false end end
  return function(skb)
    local packet = skb:data()
    local at, length = 24, 16
    if #packet > 0 and packet[0] >> 4 == 4 then at, length = 16, 4 end
    return #packet >= at + length and set:match(packet, at, length) ~= nil
  end
end

return network
