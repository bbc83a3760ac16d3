-- SPDX-License-Identifier: MIT OR GPL-2.0-only
-- Which device has an address, as its packets tell: for what comes from the Internet, which does not say.

local linux = require("linux")
local rcu = require("rcu")

local owners = {}

-- So many addresses are known; two whose places are one give way to each other.
local PLACES <const> = 12
-- An entry: what tells an address from others in its place, and the device's label.
local LABEL <const> = 8
-- Multiplying by it mixes bits (2^64 divided by the golden ratio).
local MIX <const> = 0x9e3779b97f4a7c15

-- The address of a packet's sender, or its receiver's, as an integer; nil if it has none.
local function address(packet, receiver)
  local length <const> = #packet
  if length < 20 then return nil end
  if packet[0] >> 4 == 4 then return packet:u32(receiver and 16 or 12) end
  if length < 40 then return nil end
  local at <const> = receiver and 24 or 8
  return packet:u64(at) * 3 ~ packet:u64(at + 8)
end

function owners.new()
  -- One for all CPUs: an answer may come to another one than the question.
  local known = rcu.table(1 << PLACES)
  if not known.seed then known.seed = linux.random() end
  local seed = known.seed

  -- Where what is known of a packet's address is, and what that says beside the label; nil if it has none.
  local function place(packet, receiver)
    local from = address(packet, receiver)
    if not from then return nil end
    local mixed = (from ~ seed) * MIX
    return mixed >> 64 - PLACES, (mixed & 0xffffffffffff) << LABEL
  end

  local self = {}

  -- The packet's sender is the device with this label.
  function self.note(packet, label)
    local slot, tag = place(packet, false)
    if slot and known[slot] ~= tag | label then known[slot] = tag | label end
  end

  -- The label of the packet's receiver, or nil.
  function self.of(packet)
    local slot, tag = place(packet, true)
    local entry = slot and known[slot]
    if entry and entry & ~0xff == tag then return entry & 0xff end
  end

  return self
end

return owners
