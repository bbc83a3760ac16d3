-- SPDX-License-Identifier: MIT OR GPL-2.0-only
-- Access points.

local nl80211 = require("linux.nl80211")
local message, object = require("netlink.message"), require("netlink.nl80211.object")

local cmd, attr = nl80211.cmd, nl80211.attr
local ap = object:new { START = cmd.START_AP, STOP = cmd.STOP_AP }

-- Has the interface opts.ifindex, which is an access point's and up, send beacons: opts.freq (MHz), beacon_interval,
-- dtim, head (the frame's bytes before its TIM element), and perhaps ssid and tail (those after it).
function ap:start(opts)
  self:command(self.START, message.attrs {
    [attr.IFINDEX] = opts.ifindex, [attr.WIPHY_FREQ] = opts.freq, [attr.BEACON_INTERVAL] = opts.beacon_interval,
    [attr.DTIM_PERIOD] = opts.dtim, [attr.SSID] = opts.ssid, [attr.BEACON_HEAD] = opts.head,
    [attr.BEACON_TAIL] = opts.tail,
  })
end

-- The interface opts.ifindex sends none any more.
function ap:stop(opts)
  self:command(self.STOP, message.attrs { [attr.IFINDEX] = opts.ifindex })
end

return ap
