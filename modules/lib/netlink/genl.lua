-- SPDX-License-Identifier: MIT OR GPL-2.0-only
-- Generic netlink: genl() is a session with its families, whose numbers the kernel gives.

local nl, ctrl = require("linux.netlink"), require("linux.genl")
local struct, message, session = require("struct"), require("netlink.message"), require("netlink.session")

local genl = session:new { proto = nl.proto.GENERIC }

local header = struct(ctrl.layout.genlmsghdr)
local VERSION <const> = 1
-- Types below are netlink's own.
local FIRST <const> = 16

local function encode(cmd, payload)
  return header:pack(cmd, VERSION, 0) .. (payload or "")
end

local function decode(replies)
  local decoded = {}
  for _, reply in ipairs(replies) do
    if reply.type >= FIRST and #reply.body >= header.size then
      local cmd = header:unpack(reply.body)
      decoded[#decoded + 1] = { cmd = cmd, attrs = message.attrs(reply.body, header.size + 1) }
    end
  end
  return decoded
end

-- A family's command, with NLM_F_* flags (0 if not given) and attributes as bytes; returns a list of
-- { cmd =, attrs = }, the replies.
function genl:call(family_id, cmd, flags, payload)
  return decode(self:talk(family_id, flags, encode(cmd, payload)))
end

-- All of a family's objects that a command lists, likewise.
function genl:dump(family_id, cmd, payload)
  return decode(session.dump(self, family_id, encode(cmd, payload)))
end

local function describe(self, name)
  local payload = message.attrs { [ctrl.attr.FAMILY_NAME] = name .. "\0" }
  for _, reply in ipairs(self:call(ctrl.id.CTRL, ctrl.cmd.GETFAMILY, nil, payload)) do
    if reply.attrs[ctrl.attr.FAMILY_ID] then return reply.attrs end
  end
  error("ENOENT", 0)
end

-- The number of the family of a name; raises "ENOENT" if there is none.
function genl:family(name)
  return (string.unpack("=I2", describe(self, name)[ctrl.attr.FAMILY_ID]))
end

-- The groups of that family that a socket can join, by name: { [name] = number }.
function genl:groups(name)
  local groups = {}
  for _, group in pairs(message.attrs(describe(self, name)[ctrl.attr.MCAST_GROUPS] or "")) do
    -- CTRL_ATTR_MCAST_GRP_NAME and _ID
    local attrs = message.attrs(group)
    groups[message.str(attrs[1])] = message.u32(attrs[2])
  end
  return groups
end

return genl
