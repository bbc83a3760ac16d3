-- SPDX-License-Identifier: MIT OR GPL-2.0-only
-- Requests to the kernel by netlink, and its replies: a class, of which a protocol's are made
-- (session:new { proto = ... }), and objects, which calling such a class makes, each with a socket of its own.

-- What others require, too, comes first: so requires are not deep, which the kernel's stack is not, either.
local nl, linux = require("linux.netlink"), require("linux")
local af, sock = require("linux.socket.af"), require("linux.socket.sock")
local message, class, socket = require("netlink.message"), require("class"), require("socket")

local session = class {}

-- The kernel sends no more in one go.
local ROOM <const> = 65536
-- A dump that changes while it is read is begun again so often.
local TRIES <const> = 5

-- In the network namespace of the task that calls.
function session:__call()
  return self:new { socket = socket.new(af.NETLINK, sock.RAW, self.proto), sequence = 0 }
end

function session:close()
  self.socket:close()
end

-- Sends a request of a type, with NLM_F_* flags beside NLM_F_REQUEST, and waits for nothing.
function session:request(mtype, flags, payload)
  self.sequence = self.sequence + 1
  self.socket:send(message.encode(mtype, nl.flag.REQUEST | flags, self.sequence, payload))
end

local function is_acknowledgement(reply)
  return reply.type == nl.type.ERROR
end

local function is_end(reply)
  return reply.type == nl.type.DONE or reply.flags & nl.flag.MULTI == 0
end

-- Both may carry an errno.
local function check(reply)
  if reply.type ~= nl.type.ERROR and reply.type ~= nl.type.DONE or #reply.body < 4 then return end
  local code = string.unpack("=i4", reply.body)
  if code < 0 then error(linux.errname(-code), 0) end
end

-- The replies to the last request, up to the one that is_last names. Those to earlier ones, whose reader gave up, are
-- left out.
local function replies(self, is_last)
  local all, last = {}, false
  repeat
    local bytes = self.socket:receive(ROOM)
    if #bytes == 0 then break end
    for _, reply in ipairs(message.parse(bytes)) do
      if reply.seq == self.sequence then
        check(reply)
        all[#all + 1] = reply
        last = last or is_last(reply)
      end
    end
  until last
  return all
end

local function is_torn(all)
  for _, reply in ipairs(all) do
    if reply.flags & nl.flag.DUMP_INTR ~= 0 then return true end
  end
  return false
end

-- Asks for all objects; returns the replies, the one that ends them among them, as message.parse does. Raises the name
-- of the errno with which the kernel answers.
function session:dump(mtype, payload)
  for _ = 1, TRIES do
    self:request(mtype, nl.flag.DUMP, payload)
    local all = replies(self, is_end)
    if not is_torn(all) then return all end
  end
  error("EAGAIN", 0)
end

-- Sends a request and waits until the kernel says that it is done; returns the replies, its acknowledgement among
-- them. Raises the name of the errno with which the kernel answers.
function session:talk(mtype, flags, payload)
  self:request(mtype, nl.flag.ACK | (flags or 0), payload)
  return replies(self, is_acknowledgement)
end

return session
