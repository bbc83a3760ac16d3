-- SPDX-License-Identifier: MIT OR GPL-2.0-only
-- Messages between runtimes: a queue for their bytes and an event to wait for. Each has two
-- ends, which share a queue and an event: inbox(queue, event) receives, in process context,
-- and outbox(queue, event) sends, in every context. With a size instead of a queue, an end
-- makes both; the other end then takes them from its fields `queue` and `event`.

local fifo = require("fifo")
local completion = require("completion")

local mailbox = {}

local MailBox = {}
MailBox.__index = MailBox

local function new(queue, event, other, error_text)
  local box = {}
  if math.type(queue) == "integer" then
    box.queue, box.event = fifo.new(queue), event or completion.new()
  else
    box.queue, box.event = queue, event
  end
  if type(box.queue) ~= "userdata" or type(box.event) ~= "userdata" then
    error("mailbox: expected a size, or a fifo and a completion", 3)
  end
  box[other] = function() error(error_text, 2) end
  return setmetatable(box, MailBox)
end

function mailbox.inbox(queue, event)
  return new(queue, event, "send", "mailbox: an inbox only receives")
end

function mailbox.outbox(queue, event)
  return new(queue, event, "receive", "mailbox: an outbox only sends")
end

-- Waits for a message, at most so many milliseconds (for ever if not given), and returns it and
-- its length. Without one: nil, and "timeout" or "interrupt" if the wait ended so.
function MailBox:receive(timeout)
  local completed, reason = self.event:wait(timeout)
  if not completed then return nil, reason end
  local message = self.queue:message()
  if message == nil then return nil end
  return message, #message
end

-- Sends a string; true, or false if the queue has no room for it, with 8 bytes for its length.
function MailBox:send(message)
  if not self.queue:offer(string.pack("s", message)) then return false end
  self.event:complete()
  return true
end

return mailbox
