-- SPDX-License-Identifier: MIT OR GPL-2.0-only
-- The script that rules of iptables ask, as NFLua's do: `lunatik run nflua softirq --single`. What programs send
-- (`nfluactl`) runs in it, and makes the global functions that rules name:
--   iptables -A FORWARD -p tcp --dport 80 -m lua --function nf_http -j DROP
-- A match's function gets the link-layer header and the packet, and returns whether it matches; a target's returns a
-- verdict's name, or nothing.

local attach = require("xtables").attach
timer = require("timer")
data = require("data")

-- Names of functions that are not there, which have been told.
local missing = {}

local function ask(name, frame, packet, target)
  local callback = _G[name]
  if callback then return callback(frame, packet) end
  if not missing[name] then
    missing[name] = true
    print("no function " .. name .. " yet: packets pass its rules")
  end
end

local function execute(name, code)
  local chunk, problem = load(code, "=" .. name, "t")
  if not chunk then return problem end
  local ran, raised = pcall(chunk)
  if not ran then return tostring(raised) end
end

local link = attach(function(name, first, packet, target)
  if packet then return ask(name, first, packet, target) end
  return execute(name, first)
end)

nf = {
  reply = function(kind, text) link:reply(kind, text) end,
  getpacket = function() return link:getpacket() end,
  connid = function() return link:connid() end,
  hotdrop = function(drop) link:hotdrop(drop) end,
  time = function() return link:time() end,
  genetlink = function(payload, port) return link:netlink(payload, port) end,
  findconnid = function(...) return link:findconnid(...) end,
  traffic = function(...) return link:traffic(...) end,
  delete_conntrack = function(...) return link:delete_conntrack(...) end,
  get_match_mask = function() return link:get_match_mask() end,
  reset_match_mask = function() link:reset_match_mask() end,
  set_match_bit = function(bit, set) link:set_match_bit(bit, set) end,
}

-- The older order of arguments, port, group and payload, is known by its first.
function nf.netlink(payload, port, group)
  if type(payload) == "number" then payload, port, group = group, payload, port end
  return link:netlink(payload, port, group)
end

-- Bytes of the state, and microseconds in which rules asked, since the last time.
function nf.get_cpu_mem_info()
  return collectgarbage("count"), link:elapsed()
end
