-- SPDX-License-Identifier: MIT OR GPL-2.0-only
-- rtnetlink's classes: rt.link, rt.addr, rt.route, rt.rule. Calling one gives a session: rt.route():list().

-- What all of them require, first: see netlink.session.
require("netlink.rt.object")

local rt = {}

for _, name in ipairs { "addr", "link", "route", "rule" } do
  rt[name] = require("netlink.rt." .. name)
end

return rt
