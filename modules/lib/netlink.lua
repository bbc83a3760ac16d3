-- SPDX-License-Identifier: MIT OR GPL-2.0-only
-- All of netlink by one name: netlink.channel, netlink.conntrack, netlink.genl, netlink.message, netlink.nl80211, netlink.rt,
-- netlink.session. Each is loaded when it is first asked for, so that a script needs the capabilities of those
-- that it uses only. netlink.channel(name) is netlink.channel.new(name).

local parts <const> = {
  channel = true, conntrack = true, genl = true, message = true, nl80211 = true, rt = true, session = true,
}

return setmetatable({}, {
  __index = function(netlink, name)
    if not parts[name] then return nil end
    local part = require("netlink." .. name)
    if name == "channel" then
      part = setmetatable({ new = part.new }, { __call = function(_, ...) return part.new(...) end })
    end
    rawset(netlink, name, part)
    return part
  end,
})
