-- SPDX-License-Identifier: MIT OR GPL-2.0-only
-- Makes a mailbox while it loads, which is one for all CPUs, and sends as queue/sender does.
local env, mailbox = require("lunatik")._ENV, require("mailbox")
local outbox = mailbox.outbox(65536)
env.queue, env.event = outbox.queue, outbox.event
require("queue.sender")
