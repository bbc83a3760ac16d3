-- SPDX-License-Identifier: MIT OR GPL-2.0-only
local rows, mailbox = require("bad.rows"), require("mailbox")
for _, name in ipairs { "inbox", "outbox" } do
  for _, wrong in ipairs { true, "x", {}, print, -1, 0, 1 << 32, math.mininteger } do
    local ok, box = pcall(mailbox[name], wrong)
    if ok then
      for _, method in ipairs { "send", "receive" } do
        for _, message in ipairs { true, {}, print } do assert(not box[method] or not pcall(box[method], box, message)) end
      end
    end
  end
end
local outbox = mailbox.outbox(64)
assert(outbox:send(("x"):rep(100)) == false)
for _, wrong in ipairs { true, {}, print, outbox } do assert(not pcall(outbox.send, outbox, wrong), tostring(wrong)) end
for _, name in ipairs { "inbox", "outbox" } do
  rows.refuses("mailbox", name, mailbox[name], {}, rows.each({ true, "x", {}, print, -1, math.mininteger }, {}))
end
rows.class("mailbox", function() return mailbox.outbox(64) end, { any = true, { "send", "text" } })
rows.class("mailbox", function() return mailbox.inbox(64) end, { any = true, { "receive", "integer?", waits = true } })
