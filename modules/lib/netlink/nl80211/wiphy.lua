-- SPDX-License-Identifier: MIT OR GPL-2.0-only
-- Radios.

local nl80211 = require("linux.nl80211")
local message, object = require("netlink.message"), require("netlink.nl80211.object")

local wiphy = object:new { GET = nl80211.cmd.GET_WIPHY, NEW = nl80211.cmd.NEW_WIPHY }

-- A list of { wiphy = number, name = }. What the kernel says of a radio comes in several replies, one of which has the
-- name.
function wiphy:list()
  local all, known = {}, {}
  for _, reply in ipairs(self:dump(self.id, self.GET)) do
    local number = message.u32(reply.attrs[nl80211.attr.WIPHY])
    if number then
      local radio = known[number]
      if not radio then
        radio = { wiphy = number }
        known[number], all[#all + 1] = radio, radio
      end
      radio.name = radio.name or message.str(reply.attrs[nl80211.attr.WIPHY_NAME])
    end
  end
  return all
end

return wiphy
