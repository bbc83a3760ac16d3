-- SPDX-License-Identifier: MIT OR GPL-2.0-only
-- Stations of an access point.

local nl80211 = require("linux.nl80211")
local message, object = require("netlink.message"), require("netlink.nl80211.object")

local cmd, attr = nl80211.cmd, nl80211.attr
local station = object:new {
  GET = cmd.GET_STATION, NEW = cmd.NEW_STATION, SET = cmd.SET_STATION, DEL = cmd.DEL_STATION,
}

-- { mac = }, six bytes
function station:decode(attrs)
  return { mac = attrs[attr.MAC] }
end

-- Those of the interface with this index.
function station:list(ifindex)
  return object.list(self, message.attrs { [attr.IFINDEX] = ifindex })
end

-- Adds one: opts.ifindex, mac, aid, listen_interval, supported_rates (bytes).
function station:add(opts)
  self:command(self.NEW, message.attrs {
    [attr.IFINDEX] = opts.ifindex, [attr.MAC] = opts.mac, [attr.STA_AID] = string.pack("=I2", opts.aid),
    [attr.STA_LISTEN_INTERVAL] = string.pack("=I2", opts.listen_interval),
    [attr.STA_SUPPORTED_RATES] = opts.supported_rates,
  })
end

-- Says whether the station opts.mac of opts.ifindex may send data: opts.authorized.
function station:set(opts)
  local AUTHORIZED <const> = 1 << nl80211.staflag.AUTHORIZED
  self:command(self.SET, message.attrs {
    [attr.IFINDEX] = opts.ifindex, [attr.MAC] = opts.mac,
    [attr.STA_FLAGS2] = string.pack("=I4I4", AUTHORIZED, opts.authorized and AUTHORIZED or 0),
  })
end

-- Removes the station opts.mac of opts.ifindex.
function station:del(opts)
  self:command(self.DEL, message.attrs { [attr.IFINDEX] = opts.ifindex, [attr.MAC] = opts.mac })
end

return station
