-- SPDX-License-Identifier: MIT OR GPL-2.0-only
-- What scripts can call in the kernel, and an object of most classes. `bytes(count)` are random: they go on from
-- `random_seed` in `lunatik._ENV`. Left out are cpufreq, conntrack, io, signal, skcipher and aead, runtimes and their runner, and
-- the libraries on top of sockets.
local player = require("random.play")
local lunatik = require("lunatik")
local data, set, lpm, rcu = require("data"), require("set"), require("lpm"), require("rcu")
local fifo, completion = require("fifo"), require("completion")

-- Some would wait in a body for what never comes, and one ends the play.
local except = { wait = true, schedule = true, receive = true, accept = true, connect = true, detach = true }
for _, name in ipairs { "data", "set", "lpm", "rcu", "fifo", "completion", "mailbox", "thread", "device", "notifier", "probe", "syscall", "hid", "byteorder", "struct", "packet", "cpu",
  "linux", "skb", "netfilter", "xdp", "bpf", "bpf.map", "socket",
  "netlink.channel", "crypto.shash", "crypto.rng", "crypto.comp", "darken", "timer.alarm", "timer", "xtables" } do
  -- Timers are for softirq scripts only.
  local found, library = pcall(require, name)
  if found and type(library) == "table" then player.library(library, except) end
end
player.methods(require("random.names"), except)

local shared = rcu.table(8)
shared.k = 1
for _, value in ipairs {
  data.new(64), data.new(1500), set.new { "a", "k" }, set.labeled { ["blocked.example"] = 1, [".ads.example"] = 6 },
  set.load("lists/thousand.list"), lpm.new { "10.2.0.1/32", "fd00:0:0:2::3/128" }, shared, fifo.new(128),
  completion.new(), lunatik._ENV, "lo", "sha256", "10.2.0.1", "lists/thousand.list", "policies/sni-block/main",
} do
  player.value(value)
end

local state = lunatik._ENV.random_seed
local function number()
  state = state ~ state << 13
  state = state ~ state >> 7
  state = state ~ state << 17
  return state
end

local byte = string.char
function player.bytes(count)
  local bytes = {}
  for index = 1, count do bytes[index] = byte(number() >> 24 & 255) end
  return table.concat(bytes)
end

return player
