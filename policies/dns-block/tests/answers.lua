-- SPDX-License-Identifier: MIT OR GPL-2.0-only
local test = require("test")
local answers = require("policies.dns-block.answers")

local case, same, raises = test.case, test.same, test.raises

local BLOCKED <const> = "x.ads.example"
local NAME <const> = "\1x\3ads\7example\0"
local CLIENT <const>, ROUTER <const> = "02:00:00:00:00:01", "02:00:00:00:00:fe"

-- A client's query for a blocked name, and what it gets: frames.
local function asks(kind, layers, options)
  local packet = {
    ethernet = { source = CLIENT, destination = ROUTER }, udp = { source = 40000, destination = 53 },
    dns = { query = BLOCKED, type = kind, id = 7 },
  }
  for name, layer in pairs(layers or { ipv4 = { source = "192.168.1.100", destination = "192.168.1.1" } }) do packet[name] = layer end
  local verdict, report = test.send(packet, options)
  same(verdict, "drop")
  return report.forwarded
end

-- The Internet checksum of bytes, whose sum with the checksum in them is 0.
local function sum(bytes)
  local all = 0
  for at = 1, #bytes - 1, 2 do all = all + string.unpack(">I2", bytes, at) end
  if #bytes % 2 == 1 then all = all + (bytes:byte(#bytes) << 8) end
  while all > 0xffff do all = (all & 0xffff) + (all >> 16) end
  return all ~ 0xffff
end

-- The message of a frame that goes back to the client, whose headers are right.
local function message(frame, addresses)
  same(test.counted(1, frame:sub(1, 14)), test.counted(1, "\2\0\0\0\0\1\2\0\0\0\0\xfe" .. frame:sub(13, 14)))
  local packet, header = frame:sub(15), 40
  if addresses == 4 then
    header = 20
    same(string.unpack(">I2", packet, 3), #packet)
    same(packet:byte(9), 64)
    same(sum(packet:sub(1, 20)), 0)
    same(packet:sub(13, 20), "\xc0\xa8\1\1\xc0\xa8\1\x64")
  else
    same(string.unpack(">I2", packet, 5), #packet - 40)
    same(packet:byte(8), 64)
  end
  local from, to, size = string.unpack(">I2I2I2", packet, header + 1)
  same(from, 53)
  same(to, 40000)
  same(size, #packet - header)
  local pseudo = packet:sub(header == 20 and 13 or 9, header) .. string.pack(">I2I2", 17, size)
  same(sum(pseudo .. packet:sub(header + 1)), 0)
  return packet:sub(header + 9)
end

local function expected(code, kind, address)
  local record = address and "\xc0\x0c" .. string.pack(">I2I2I4s2", kind, 1, 60, address) or ""
  return "\0\7\x81" .. string.char(0x80 | code) .. "\0\1" .. (address and "\0\1" or "\0\0") .. "\0\0\0\0" .. NAME
    .. string.pack(">I2I2", kind, 1) .. record
end

case("without an answer there is none", function()
  same(#asks("A"), 0)
end)

case("a blocked name does not exist, if the owner says so", function()
  test.parameters { answer = "nxdomain" }
  local frames = asks("A")
  same(#frames, 1)
  same(message(frames[1], 4), expected(3, 1))
  same(message(asks("AAAA")[1], 4), expected(3, 28))
end)

case("a blocked name has the owner's address, of the version that was asked for", function()
  test.parameters { answer = "192.0.2.1 2001:db8::1" }
  same(message(asks("A")[1], 4), expected(0, 1, "\xc0\0\2\1"))
  same(message(asks("AAAA")[1], 4), expected(0, 28, "\x20\1\x0d\xb8" .. ("\0"):rep(11) .. "\1"))
  test.parameters { answer = "192.0.2.1" }
  same(message(asks("AAAA")[1], 4), expected(0, 28))
  test.parameters { answer = "2001:db8::1" }
  same(message(asks("A")[1], 4), expected(0, 1))
end)

case("who asks another resolver is answered in its name, and by IPv6, too", function()
  test.parameters { answer = "nxdomain" }
  local layers = { ipv6 = { source = "2001:db8::2", destination = "2001:db8:1::1" } }
  local frames = asks("AAAA", layers, { path = "forward" })
  same(message(frames[1], 6), expected(3, 28))
  same(frames[1]:sub(15 + 8, 15 + 39):sub(1, 4), "\x20\1\x0d\xb8")
end)

case("queries from the Internet, of groups, and over TCP get no answer", function()
  test.parameters { answer = "nxdomain" }
  same(#asks("A", nil, { interface = "eth0" }), 0)
  same(#asks("A", { ethernet = { source = CLIENT, destination = "ff:ff:ff:ff:ff:ff" }, ipv4 = {} }), 0)
  local connection = test.connection(53, { ipv4 = {} })
  connection:syn()
  local query = test.packet { ipv4 = {}, udp = { destination = 53 }, dns = { query = BLOCKED } }
  local verdict, report = connection:send(test.counted(2, query:sub(29)))
  same(verdict, "drop")
  same(#report.forwarded, 0)
end)

case("what the router asks itself gets no answer, and does not pass either", function()
  test.parameters { answer = "nxdomain" }
  same(#asks("A", nil, { path = "input", interface = "lo" }), 0)
end)

case("what else a query has is not in the answer", function()
  test.parameters { answer = "nxdomain" }
  -- EDNS (RFC 6891).
  local query = "\0\7\1\0\0\1\0\0\0\0\0\1" .. NAME .. "\0\1\0\1" .. "\0\0\x29\x10\0\0\0\0\0\0\0"
  local verdict, report = test.send {
    ethernet = { source = CLIENT, destination = ROUTER }, ipv4 = { source = "192.168.1.100", destination = "192.168.1.1" },
    udp = { source = 40000, destination = 53 }, payload = query,
  }
  same(verdict, "drop")
  same(message(report.forwarded[1], 4), expected(3, 1))
end)

case("queries of another class have no address, and questions that are cut get no answer", function()
  test.parameters { answer = "192.0.2.1" }
  local function sends(question)
    local _, report = test.send {
      ethernet = { source = CLIENT, destination = ROUTER }, ipv4 = { source = "192.168.1.100", destination = "192.168.1.1" },
      udp = { source = 40000, destination = 53 }, payload = "\0\7\1\0\0\1\0\0\0\0\0\0" .. question,
    }
    return report.forwarded
  end
  local frames = sends(NAME .. "\0\1\0\3")
  same(#frames, 1)
  same(message(frames[1], 4), "\0\7\x81\x80\0\1\0\0\0\0\0\0" .. NAME .. "\0\1\0\3")
  for cut = 0, #NAME + 3 do same(#sends((NAME .. "\0\1\0\1"):sub(1, cut)), 0, cut) end
end)

case("what is no answer is refused, and says how it is written", function()
  for _, bad in ipairs { "", "no", "1.2.3", "1.2.3.4 1.2.3.5", "::1 ::2", "1.2.3.4 ::1 ::2", "1.2.3.4,::1", "NXDOMAIN" } do
    raises("parameter 'answer': '" .. bad .. "' is no answer", answers.of, bad)
  end
  raises("parameter 'answer': '7' is no answer", answers.of, 7)
end)

case("a list's categories are blocked that the owner names, and all that he names himself", function()
  test.parameters { domains = { "named.example" }, list = "lists/some", categories = { 1 } }
  test.file("lists/some", test.list { "listed.example" })
  local function verdict(name) return (test.send { ipv4 = {}, udp = { destination = 53 }, dns = { query = name } }) end
  -- It is of category 0.
  same(verdict("listed.example"), "accept")
  same(verdict("named.example"), "drop")
  test.parameters { domains = { "named.example" }, list = "lists/some", categories = { 7, 0 } }
  test.file("lists/some", test.list { "listed.example" })
  same(verdict("listed.example"), "drop")
  for problem, categories in pairs {
    ["must be a list of numbers"] = "ads", ["'ads' is no category"] = { "ads" }, ["'64' is no category"] = { 64 }, ["'-1' is no category"] = { -1 },
  } do
    test.parameters { categories = categories }
    raises(problem, test.load)
  end
end)

case("packets cut at any length, and with any header byte changed, never fail", function()
  test.parameters { answer = "192.0.2.1 2001:db8::1" }
  test.mangled { ethernet = {}, ipv4 = {}, udp = { destination = 53 }, dns = { query = BLOCKED } }
  test.mangled { ethernet = {}, ipv6 = {}, udp = { destination = 53 }, dns = { query = BLOCKED, type = "AAAA" } }
end)
