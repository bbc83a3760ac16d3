-- SPDX-License-Identifier: MIT OR GPL-2.0-only
-- What nl80211's classes have in common. Each has its commands (GET, NEW, others) and `decode`, an object of a reply's
-- attributes.

local session, genl = require("netlink.session"), require("netlink.genl")

local object = genl:new {}

function object:__call()
  local made = session.__call(self)
  local ok, id = pcall(made.family, made, "nl80211")
  if not ok then
    made:close()
    error(id, 0)
  end
  made.id = id
  return made
end

-- A command of this family with attributes as bytes.
function object:command(cmd, payload)
  return self:call(self.id, cmd, 0, payload)
end

-- All objects; attributes, as bytes, may say which.
function object:list(payload)
  local all = {}
  for _, reply in ipairs(self:dump(self.id, self.GET, payload)) do
    if reply.cmd == self.NEW then all[#all + 1] = self:decode(reply.attrs) end
  end
  return all
end

return object
