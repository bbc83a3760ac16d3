-- SPDX-License-Identifier: MIT OR GPL-2.0-only
-- Reads whatever there is to read of packets, changes some, and decides by what was found. Nothing of it may fail,
-- whatever comes and wherever.
local packet = require("packet")
local set = require("set")
local lpm = require("lpm")
local data = require("data")

local u16 = data.u16
local names = set.load("lists/thousand.list")
local labeled = set.labeled { ["blocked.example"] = 1, ["ads.example"] = 2 }
local prefixes = lpm.new { "10.2.0.1/32", "fd00:0:0:2::3/128" }

local judge = {}

-- Everything that reads bytes, at an offset that may be none.
function judge.read(bytes, at)
  local found = packet.dns(bytes, at) or packet.sni(bytes, at) or packet.http_field(bytes, at, "host")
  local label = labeled:question(bytes, at) or labeled:hello(bytes, at) or names:question(bytes, at) or names:hello(bytes, at)
  return found, label
end

function judge.hook(skb)
  local protocol, source, destination, payload, header = skb:ports()
  -- What this machine sends has no link's header yet. The packet shows one layer at a time.
  local linked, frame = pcall(skb.data, skb, "mac")
  local size = linked and #frame
  local bytes = skb:data()
  local length = #bytes
  if length == 0 then return 1 end
  local _, name = packet.ports(bytes), judge.read(bytes, payload or 0)
  local _, label = judge.read(bytes, header or length - 1)
  local version = bytes[0] >> 4
  if version == 4 and length >= 20 then prefixes:match(bytes, 16) end
  if version == 6 and length >= 40 then prefixes:match(bytes, 24, 16) end
  bytes:checksum()
  pcall(bytes.getuint32, bytes, length - 3)
  pcall(bytes.getstring, bytes, length - 1, 2)
  pcall(u16, bytes, length - 1)
  local copy = skb:copy()
  local flow = skb:flow()
  if flow then flow:tuple() flow:state() flow:mark() end
  skb:vlan() skb:ifindex()
  if length % 7 == 0 then bytes[length - 1] = 0 end
  if length % 11 == 0 then pcall(skb.checksum, skb) end
  if length % 13 == 0 then pcall(skb.resize, skb, length % 3 == 0 and length // 2 or length + 9) end
  if label or name == "blocked.example" then return 0 end
  if protocol and length % 17 == 0 then return skb:decide(length % 2) end
  return (source or destination or size or #copy) % 5 == 0 and 0 or 1
end

return judge
