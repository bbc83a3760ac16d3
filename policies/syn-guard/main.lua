-- SPDX-License-Identifier: MIT OR GPL-2.0-only
-- A source of the Internet begins so many TCP connections in a second, and no more.

local xdp = require("xdp")
local action = require("linux.xdp")
local buckets = require("policies.syn-guard.buckets")
local frame = require("policies.library.frame")
local number = require("policies.library.number")
local parameters = require("policies.syn-guard.parameters")

local PASS <const>, DROP <const> = action.PASS, action.DROP
local TCP <const>, FLAGS <const>, SYN <const>, ACK <const> = 6, 13, 0x02, 0x10

local MOST <const> = 1000000
local rate, burst = number(parameters, "rate", 1, MOST), number(parameters, "burst", 1, MOST)
local total_rate = number(parameters, "total_rate", 0, MOST)
local total_burst = number(parameters, "total_burst", 1, MOST)
local others_4 = 32 - number(parameters, "ipv4_prefix", 8, 32)
local others_6 = 64 - number(parameters, "ipv6_prefix", 16, 64)

local may, may_all = buckets.many(rate, burst), buckets.one(total_rate, total_burst)

-- Both versions are told apart by a bit that no prefix of IPv6 in use has.
local IPV4 <const> = 1 << 63

local function source_of(packet, at, version)
  if version == 4 then return packet:u32(at + 12) >> others_4 | IPV4 end
  return packet:u64(at + 8) >> others_6
end

-- Whether a segment begins a connection, or may: the flags can be in a later fragment, where nobody here sees them, and
-- TCP that means well sends none.
local function begins(packet, header, more)
  return more or #packet > header + FLAGS and packet[header + FLAGS] & (SYN | ACK) == SYN
end

xdp.attach(function(packet)
  local at, version = frame.ip(packet)
  if not at then return PASS end
  local protocol, header, more = frame.transport(packet, at, version)
  if protocol ~= TCP or not begins(packet, header, more) then return PASS end
  local now = xdp.ktime()
  return may(source_of(packet, at, version), now) and may_all(now) and PASS or DROP
end)
