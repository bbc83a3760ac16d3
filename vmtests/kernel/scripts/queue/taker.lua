-- SPDX-License-Identifier: MIT OR GPL-2.0-only
-- Receives packets, until none comes for so many milliseconds, and returns how many there were
-- for each last byte of their destination. A packet that is cut or glued is an error.
local env, mailbox = require("lunatik")._ENV, require("mailbox")
local inbox = mailbox.inbox(env.queue, env.event)

return function(timeout)
  local counts = {}
  local message, length = inbox:receive(timeout)
  while message do
    local total = string.unpack(">I2", message, 3)
    if length ~= total or #message ~= total then error(("a packet of %d bytes has %d"):format(total, #message)) end
    local last = message:byte(20)
    counts[last] = (counts[last] or 0) + 1
    message, length = inbox:receive(timeout)
  end
  return length, counts[11] or 0, counts[12] or 0
end
