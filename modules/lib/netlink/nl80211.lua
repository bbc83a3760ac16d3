-- SPDX-License-Identifier: MIT OR GPL-2.0-only
-- Wireless: the classes nl80211.wiphy, nl80211.interface, nl80211.ap, nl80211.station. Calling one gives a session;
-- it raises "ENOENT" where the kernel has no cfg80211.

-- What all of them require, first: see netlink.session.
require("netlink.nl80211.object")

local nl80211 = {}

for _, name in ipairs { "ap", "interface", "station", "wiphy" } do
  nl80211[name] = require("netlink.nl80211." .. name)
end

return nl80211
