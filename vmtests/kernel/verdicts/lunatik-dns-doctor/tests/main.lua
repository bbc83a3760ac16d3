-- SPDX-License-Identifier: MIT OR GPL-2.0-only
local test = require("test")

local QUESTION <const> = "\3www\7example\0\0\1\0\1"

-- An answer with these records, behind a name that is the question's.
local function answer(...)
  local records = { ... }
  for index, record in ipairs(records) do records[index] = "\xc0\x0c" .. record end
  local header = "\0\7\x81\x80\0\1" .. string.pack(">I2", #records) .. "\0\0\0\0"
  return header .. QUESTION .. table.concat(records)
end

local function a(address) return "\0\1\0\1\0\0\0\60\0\4" .. address end
local OUTSIDE <const>, INSIDE <const>, OTHER <const> = "\198\51\100\7", "\192\168\1\7", "\198\51\100\8"
local CNAME <const> = "\0\5\0\1\0\0\0\60\0\6\3web\xc0\x10"

local function told(dns, port)
  local verdict, report = test.send { ipv4 = {}, udp = { source = port or 53, destination = 4000 }, payload = dns }
  test.same(verdict, "accept")
  return report.bytes:sub(29)
end

test.case("the address outside is the one inside, wherever it stands, and nothing else changes", function()
  test.same(told(answer(a(OUTSIDE))), answer(a(INSIDE)))
  test.same(told(answer(CNAME, a(OTHER), a(OUTSIDE))), answer(CNAME, a(OTHER), a(INSIDE)))
  test.same(told(answer(a(OTHER))), answer(a(OTHER)))
  test.same(told(answer(a(OUTSIDE)), 5353), answer(a(OUTSIDE)))
end)
