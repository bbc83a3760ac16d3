-- SPDX-License-Identifier: MIT OR GPL-2.0-only
-- What devices ask of the router itself.

local packet = require("packet")

local service = {}

local IGMP <const>, TCP <const>, UDP <const>, ICMP6 <const> = 2, 6, 17, 58
local DNS <const>, DHCP <const>, DHCP6 <const> = 53, 67, 547
-- Messages of ICMPv6 that find routers and neighbours, and say which groups a host is in.
local FINDS <const> = { [130] = true, [131] = true, [132] = true, [133] = true, [134] = true, [135] = true, [136] = true, [143] = true }

-- Whether a packet is what a device needs to have an address and to find names: DHCP, DNS, and how IP finds its
-- neighbours. `protocol` and `destination` are what `skb:ports` says.
function service.is_basic(skb, protocol, destination)
  if protocol == UDP then return destination == DNS or destination == DHCP or destination == DHCP6 end
  if protocol == TCP then return destination == DNS end
  if protocol == ICMP6 then
    local bytes = skb:data()
    local _, at = packet.transport(bytes)
    return at < #bytes and FINDS[bytes[at]] or false
  end
  return protocol == IGMP
end

-- The set of a parameter's list of TCP ports.
function service.ports(list, parameter)
  local ports = {}
  for _, port in ipairs(type(list) == "table" and list or { list }) do
    if math.type(port) ~= "integer" or port < 1 or port > 65535 then
      error("parameter '" .. parameter .. "': '" .. tostring(port) .. "' is no port from 1 to 65535", 2)
    end
    ports[port] = true
  end
  return ports
end

return service
