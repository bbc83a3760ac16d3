-- SPDX-License-Identifier: MIT OR GPL-2.0-only
-- Messages between runtimes: a queue for their bytes and an event to wait for. Each has two
-- ends, which share a queue and an event: inbox(queue, event) receives, in process context,
-- and outbox(queue, event) sends, in every context. With a size instead of a queue, an end
-- makes both; the other end then takes them from its fields `queue` and `event`.
--
-- # mailbox
--
-- Messages between runtimes, over a `fifo` and a `completion`. `mailbox.inbox(q, e)` receives, in process
-- context; `mailbox.outbox(q, e)` sends, in every context. With a size instead of `q`, both are made, and
-- the other end takes them from the fields `queue` and `event`:
--
--     -- hooks of all CPUs send; run as softirq
--     local env, outbox = require("lunatik")._ENV, require("mailbox").outbox(65536)
--     env.queue, env.event = outbox.queue, outbox.event
--     -- one task receives; run as process
--     local env = require("lunatik")._ENV
--     local inbox = require("mailbox").inbox(env.queue, env.event)
--
-- | function | |
-- |---|---|
-- | `inbox:receive([ms])` | waits as `c:wait` does: the message and its length; nil and why the wait ended; nil if another took the message |
-- | `outbox:send(s)` | true; false if there is no room for `s` and 8 bytes more |
--
-- ```lua process
-- local mailbox = require("mailbox")
-- local inbox = mailbox.inbox(4096)
-- local outbox = mailbox.outbox(inbox.queue, inbox.event)
-- assert(outbox:send("hello"))
-- assert(inbox:receive(1000) == "hello")
-- ```

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
