-- SPDX-License-Identifier: MIT OR GPL-2.0-only
local test = require("test")
local data = require("data")
local device = require("policies.library.device")

local case, same, raises = test.case, test.same, test.raises

-- A packet between two stations.
local function packet(receiver, sender)
  local frame = data.new(14)
  frame:setstring(0, receiver .. sender)
  return { data = function(_, layer) return layer == "mac" and frame end }
end

local ONE <const>, OTHER <const> = "\2\0\x5e\x10\0\1", "\2\0\x5e\x10\0\2"

case("devices are found by address and by what addresses begin with", function()
  local label = device.set { ["02:00:5e:10:00:01"] = 7, ["02:00:5e"] = 3 }
  same(label(packet(OTHER, ONE)), 7)
  same(label(packet(ONE, OTHER)), 3)
  same(label(packet(ONE, OTHER), true), 7)
  same(label(packet(ONE, "\2\0\0\0\0\1")), nil)
  same(device.list({}, "allowed")(packet(ONE, OTHER)), nil)
  same(device.list({ "02:00:5E:10:00:01" }, "allowed")(packet(OTHER, ONE)), 1)
end)

case("what is no device is refused, by its parameter", function()
  for _, bad in ipairs { "", "02:00", "02:00:5e:10:00:0g", "02:00:5e:10:00:01:02", "192.168.1.5", "0200.5e10.0001", 7 } do
    raises("parameter 'allowed': '" .. tostring(bad) .. "' is no device", device.list, { bad }, "allowed")
  end
  raises("parameter 'allowed' must be a list", device.list, "02:00:5e:10:00:01", "allowed")
end)

case("an interface is found when it is there", function()
  local at = device.at("eth1")
  local function from(index) return { ifindex = function() return index end } end
  for _ = 1, 2 do
    same(at(from(2)), true)
    same(at(from(3)), false)
  end
  same(device.at("br-lan")(from(2)), false)
end)

case("a flow is ended that is there", function()
  local ended = 0
  local function of(status)
    return { flow = function() return status and {
      status = function() return status end,
      delete = function() ended = ended + 1 end,
    } end }
  end
  device.cut(of(nil))
  device.cut(of(2))
  same(ended, 0)
  device.cut(of(8))
  same(ended, 1)
end)
