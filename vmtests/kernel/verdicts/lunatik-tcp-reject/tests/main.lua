-- SPDX-License-Identifier: MIT OR GPL-2.0-only
local test = require("test")

local function segment(flags, port)
  local layers = { ethernet = {}, ipv4 = {}, tcp = { source = 4000, destination = port, sequence = 7, flags = flags } }
  return test.send(layers)
end

test.case("a connection to port 23 is refused for the server", function()
  local verdict, report = segment({ "syn" }, 23)
  test.same(verdict, "drop")
  test.same(#report.forwarded, 1)
  local frame = report.forwarded[1]
  test.same(#frame, 54)
  local source, destination, sequence, acknowledged, offset, flags = string.unpack(">I2I2I4I4I1I1", frame, 35)
  test.same(source, 23)
  test.same(destination, 4000)
  test.same(sequence, 0)
  test.same(acknowledged, 8)
  test.same(offset, 0x50)
  test.same(flags, 0x14)
end)

test.case("what follows is lost, and other ports are open", function()
  local verdict, report = segment({ "ack" }, 23)
  test.same(verdict, "drop")
  test.same(#report.forwarded, 0)
  test.same((segment({ "syn" }, 22)), "accept")
end)
