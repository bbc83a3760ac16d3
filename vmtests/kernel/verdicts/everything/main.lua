-- SPDX-License-Identifier: MIT OR GPL-2.0-only
-- Reads all that there is to read of a packet, and writes what it found into it: so that two machines that agree
-- on the packet's bytes afterwards agree on all of that.
local netfilter = require("netfilter")
local inet = require("linux.nf.inet")
local proto = require("linux.nf.proto")
local priority = require("linux.nf.ip.pri")
local data = require("data")
local lpm = require("lpm")
local packet = require("packet")
local set = require("set")

local ACCEPT <const>, DROP <const> = 1, 0
local names = set.labeled { ["blocked.example"] = 1, ["ads.example"] = 2 }
local prefixes = lpm.new { "10.2.0.1/32", "fd00:0:0:2::3/128" }
local readers = { packet.transport, packet.ports, packet.dns, packet.sni, data.u16, data.u24, data.u32, data.u64 }
local methods = { "getbyte", "getint8", "getint16", "getuint16", "getint32", "getuint32", "getint64" }
local hash

local function note(value)
  if type(value) == "string" then
    for at = 1, math.min(#value, 64) do hash = (hash ~ value:byte(at)) * 0x100000001b3 end
    value = #value
  elseif value == nil or type(value) == "boolean" then
    value = value and 3 or 2
  end
  hash = (hash ~ value) * 0x100000001b3
end

local function results(went, ...)
  note(went)
  -- What an error says has another place in it on a machine of another size.
  if not went then return end
  for index = 1, select("#", ...) do note((select(index, ...))) end
end

local function read(bytes, at)
  for _, reader in ipairs(readers) do results(pcall(reader, bytes, at)) end
  for _, method in ipairs(methods) do results(pcall(bytes[method], bytes, at)) end
  results(pcall(packet.http_field, bytes, at, "host"))
  results(pcall(names.question, names, bytes, at))
  results(pcall(names.hello, names, bytes, at))
  results(pcall(bytes.checksum, bytes, at))
  results(pcall(bytes.getstring, bytes, at, 5))
end

local function judge(skb)
  hash = #skb
  results(true, skb:ports())
  results(pcall(function() return #skb:data("mac") end))
  local protocol, _, _, payload, header = skb:ports()
  local bytes = skb:data()
  local length = #bytes
  read(bytes, 0)
  read(bytes, payload or length // 2)
  read(bytes, header or length - 2)
  results(pcall(prefixes.match, prefixes, bytes, 16))
  results(pcall(prefixes.match, prefixes, bytes, 24, 16))
  results(true, skb:vlan(), #skb:copy())
  -- An IP header that is right stays so.
  if length > 64 then bytes:setint64(length - 8, hash) end
  if length % 5 == 0 then results(pcall(skb.checksum, skb)) end
  if length % 7 == 0 then results(pcall(skb.resize, skb, length % 3 == 0 and length // 2 or length + 9)) end
  if length % 11 == 0 then results(pcall(skb.forward, skb)) end
  return (protocol or hash) % 5 == hash % 7 and DROP or ACCEPT
end

netfilter.register { hook = judge, pf = proto.INET, hooknum = inet.FORWARD, priority = priority.FILTER }
