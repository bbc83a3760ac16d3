-- SPDX-License-Identifier: MIT OR GPL-2.0-only
-- What `completion` and `mailbox` promise to a script alone, in process context.
local completion = require("completion")
local mailbox = require("mailbox")

local function raises(pattern, f, ...)
  local ok, message = pcall(f, ...)
  assert(not ok and message:find(pattern, 1, true), tostring(message))
end

local function returns(expected, ...)
  local got = table.pack(...)
  assert(got.n == #expected or expected.n == got.n, got.n)
  for i = 1, got.n do assert(got[i] == expected[i], tostring(got[i])) end
end

-- each complete lets one wait go on, also before it
local event = completion.new()
returns({ n = 2, nil, "timeout" }, event:wait(0))
returns({ n = 2, nil, "timeout" }, event:wait(10))
assert(select("#", event:complete()) == 0)
event:complete()
returns({ true }, event:wait())
returns({ true }, event:wait(10))
returns({ n = 2, nil, "timeout" }, event:wait(10))
raises("invalid or closed object", event.wait, {})
raises("integer expected", event.wait, event, "soon")

-- messages keep their bounds
local inbox = mailbox.inbox(64)
local outbox = mailbox.outbox(inbox.queue, inbox.event)
returns({ n = 2, nil, "timeout" }, inbox:receive(0))
for _, message in ipairs { "hello", "", "\0binary\255" } do assert(outbox:send(message) == true) end
returns({ "hello", 5 }, inbox:receive(1000))
returns({ "", 0 }, inbox:receive())
returns({ "\0binary\255", 8 }, inbox:receive())
-- what has no room is not half sent
assert(outbox:send(("x"):rep(40)) == true and outbox:send(("y"):rep(9)) == false)
returns({ ("x"):rep(40), 40 }, inbox:receive(0))
returns({ n = 2, nil, "timeout" }, inbox:receive(0))
-- an event without a message
inbox.event:complete()
returns({ n = 1, nil }, inbox:receive(0))

raises("an inbox only receives", inbox.send, inbox, "x")
raises("an outbox only sends", outbox.receive, outbox)
raises("expected a size, or a fifo and a completion", mailbox.inbox)
raises("expected a size, or a fifo and a completion", mailbox.outbox, inbox.queue)
raises("out of bounds", mailbox.inbox, -1)
