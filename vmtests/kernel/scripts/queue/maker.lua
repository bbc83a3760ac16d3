-- SPDX-License-Identifier: MIT OR GPL-2.0-only
-- Makes a mailbox that hooks of all CPUs send to and several receive from.
local env, mailbox = require("lunatik")._ENV, require("mailbox")
local inbox = mailbox.inbox(65536)
env.queue, env.event = inbox.queue, inbox.event
