-- SPDX-License-Identifier: MIT OR GPL-2.0-only
-- Says what connection tracking knows of each forwarded packet's flow.
local netfilter = require("netfilter")
local direction = require("linux.nf.ct.dir")
local info = require("linux.nf.ct.info")
local status = require("linux.nf.ct.status")

local NAMES = {}
for name, value in pairs(info) do NAMES[value] = NAMES[value] or name end
NAMES[info.ESTABLISHED_REPLY] = "ESTABLISHED_REPLY" -- IS_REPLY has the same number
local TCP = {}
for name, value in pairs(require("linux.nf.ct.tcp")) do TCP[value] = name end

local function hex(bytes)
  return (bytes:gsub(".", function(byte) return ("%02x"):format(byte:byte()) end))
end

local function line(flow, way)
  local protocol, source, destination, from, to = flow:tuple(way)
  return ("%d %s:%d>%s:%d"):format(protocol, hex(source), from, hex(destination), to)
end

local kept, id

local function look(skb)
  local stale = kept and pcall(kept.state, kept)
  local flow = skb:flow()
  if not flow then
    print(("none, connmark %s"):format(skb:connmark()))
    return 1
  end
  if flow ~= skb:flow() then error("two objects for one flow") end
  kept = flow
  local _, _, _, _, port = flow:tuple()
  local same = id == nil or id == flow:id()
  id = flow:id()
  print(("%s | %s | %s%s | tcp %s | zone %d | mark %d %d | id %s | stale %s"):format(
    line(flow, direction.ORIGINAL), line(flow, direction.REPLY), NAMES[flow:state()],
    flow:status() & status.CONFIRMED ~= 0 and " confirmed" or "",
    TCP[flow:tcp()] or "-", flow:zone(), flow:mark(), skb:connmark(), same and "same" or "other", tostring(stale)))
  if port == 1001 then
    local copy = skb:copy()
    local other = copy:flow()
    print("copy " .. tostring(other:id() == flow:id()) .. " " .. tostring(other ~= flow))
    copy = nil
    collectgarbage() collectgarbage()
    print("copy after " .. tostring(other:id() == flow:id()))
    for _, bad in ipairs { 2, -1, "x" } do print("bad " .. tostring(select(2, pcall(flow.tuple, flow, bad)))) end
    print("bad " .. tostring(select(2, pcall(flow.mark, flow, -1))))
    print("bad " .. tostring(select(2, pcall(flow.mark, flow, 1 << 32))))
  end
  return 1
end

netfilter.register { hook = look, pf = 1, hooknum = 2, priority = 0, track = TRACK ~= false }
