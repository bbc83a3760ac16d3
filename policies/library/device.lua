-- SPDX-License-Identifier: MIT OR GPL-2.0-only
-- Devices of the LAN, by the hardware addresses in their packets.
--
-- The address costs more than what `skb:ports` tells, since a packet that others share is copied for it: ask once for a
-- flow where that does.

local linux = require("linux")
local lpm = require("lpm")
local status = require("linux.nf.ct.status")

local device = {}

-- Where an Ethernet header has its addresses.
local RECEIVER <const>, SENDER <const>, ADDRESS <const> = 0, 6, 6

-- A function that tells whether a packet came by the interface of this name.
function device.at(name)
  local index
  return function(skb)
    local from = skb:ifindex()
    if from == index then return true end
    -- The interface may be made later than the policy runs, and made again.
    local found, now = pcall(linux.ifindex, name)
    index = found and now or nil
    return from == index
  end
end

local function is_address(text)
  for more = 2, 5 do
    if text:find("^%x%x" .. (":%x%x"):rep(more) .. "$") then return true end
  end
  return false
end

-- An address, or what addresses begin with, in lower case; `parameter` is who says it.
function device.address(text, parameter)
  if type(text) == "string" and is_address(text) then return text:lower() end
  error("parameter '" .. parameter .. "': '" .. tostring(text)
    .. "' is no device: write it as 02:00:5e:10:00:01, or its first three bytes or more", 3)
end

-- The set of the devices with labels in `labels`, by address or what addresses begin with: a function that tells the
-- label of a packet's sender, or with `true` of its receiver, and nil for others.
function device.set(labels)
  local set = lpm.new(labels)
  return function(skb, receiver)
    return set:match(skb:data("mac"), receiver and RECEIVER or SENDER, ADDRESS)
  end
end

-- The set of a parameter's list of devices, each with the label 1.
function device.list(list, parameter)
  if type(list) ~= "table" then error("parameter '" .. parameter .. "' must be a list of devices", 2) end
  local labels = {}
  for _, text in ipairs(list) do labels[device.address(text, parameter)] = 1 end
  return device.set(labels)
end

-- Ends a packet's flow, so that its answers reach nobody: for packets that are dropped.
function device.cut(skb)
  local flow = skb:flow()
  if flow and flow:status() & status.CONFIRMED ~= 0 then flow:delete() end
end

return device
