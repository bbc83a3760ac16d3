-- SPDX-License-Identifier: MIT OR GPL-2.0-only
-- Uses what scripts in tasks may.
local linux, cpu, mailbox = require("linux"), require("cpu"), require("mailbox")
local bpf, map = require("bpf"), require("bpf.map")

local inbox = mailbox.inbox(64)
mailbox.outbox(inbox.queue, inbox.event):send("x")
assert(inbox:receive(0) == "x")
assert(cpu.stats(0).idle and linux.ifindex("lo"))
local hash <close> = bpf.hash("/sys/fs/bpf/hash")
hash:update("key0", "value000")
local typed <close> = map.hash("/sys/fs/bpf/hash", "c4", "c8")
assert(typed["key0"] == "value000")
typed["key0"] = nil
local udp <close> = require("socket").new(2, 2, 0)
udp:bind(0, 0)
assert(select(2, udp:getsockname()) > 0)
local sha <close> = require("crypto.shash").new("sha256")
sha:init()
sha:import(sha:export())
assert(#sha:digest("x") == 32 and #sha:finup("x") == 32)
local random <close> = require("crypto.rng").new()
assert(#random:generate(100, "x") == 100)
