-- SPDX-License-Identifier: MIT OR GPL-2.0-only
-- Maps where packets are judged: counts pings in a map that both CPUs and user space share,
-- drops what user space listed, and hands packets' identifiers on in a queue.
local netfilter = require("netfilter")
local map = require("bpf.map")
local bpf = require("bpf")

local cpus = map.hash("/sys/fs/bpf/cpus", "c4", "c8")
local blocked = bpf.hash("/sys/fs/bpf/hash")
local seen = bpf.queue("/sys/fs/bpf/queue")
local recent = bpf.lru_hash("/sys/fs/bpf/lru_hash")
local mine

netfilter.register {
  pf = 2, hooknum = 1, priority = 0, -- IPv4, LOCAL_IN
  hook = function(skb)
    local packet = skb:data("net")
    if packet:getuint8(9) ~= 1 then return 1 end
    local destination = packet:getstring(16, 4)
    if not mine then -- the first packet of this CPU: the names are first and next
      mine = cpus["cpuA"] and "cpuB" or "cpuA"
    end
    cpus[mine] = ("%08d"):format(tonumber(cpus[mine] or "0") + 1)
    recent:update(destination, "seen now")
    if recent:lookup(destination) ~= "seen now" then return 0 end
    seen:push(destination .. mine, 2)
    if pcall(bpf.hash, "/sys/fs/bpf/hash") then return 0 end -- opening would sleep
    return blocked:lookup(destination) and 0 or 1
  end,
}
