-- SPDX-License-Identifier: MIT OR GPL-2.0-only
-- A thread that receives what the hooks send, and says it.
local env, mailbox = require("lunatik")._ENV, require("mailbox")
local inbox = mailbox.inbox(env.queue, env.event)
return function()
  local heard = {}
  env.heard = ""
  repeat
    local message = inbox:receive()
    if message then
      assert(#message == 4)
      heard[#heard + 1] = message:byte(4)
      env.heard = table.concat(heard, " ")
    end
  until not message
end
