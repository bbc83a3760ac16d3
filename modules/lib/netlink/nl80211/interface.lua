-- SPDX-License-Identifier: MIT OR GPL-2.0-only
-- Wireless interfaces.

local nl80211 = require("linux.nl80211")
local message, object = require("netlink.message"), require("netlink.nl80211.object")

local cmd, attr = nl80211.cmd, nl80211.attr
local interface = object:new { GET = cmd.GET_INTERFACE, NEW = cmd.NEW_INTERFACE, DEL = cmd.DEL_INTERFACE }

-- { ifindex =, name =, wiphy =, iftype =, mac = }; the address is bytes.
function interface:decode(attrs)
  return {
    ifindex = message.u32(attrs[attr.IFINDEX]), name = message.str(attrs[attr.IFNAME]),
    wiphy = message.u32(attrs[attr.WIPHY]), iftype = message.u32(attrs[attr.IFTYPE]), mac = attrs[attr.MAC],
  }
end

-- Adds an interface of a radio: opts.wiphy, name, iftype (linux.nl80211.iftype); returns its index.
function interface:add(opts)
  local replies = self:command(self.NEW, message.attrs {
    [attr.WIPHY] = opts.wiphy, [attr.IFNAME] = opts.name .. "\0", [attr.IFTYPE] = opts.iftype,
  })
  for _, reply in ipairs(replies) do
    local ifindex = message.u32(reply.attrs[attr.IFINDEX])
    if ifindex then return ifindex end
  end
  return nil
end

-- Deletes the interface opts.ifindex.
function interface:del(opts)
  self:command(self.DEL, message.attrs { [attr.IFINDEX] = opts.ifindex })
end

return interface
