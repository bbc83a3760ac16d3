-- SPDX-License-Identifier: MIT OR GPL-2.0-only
-- Verdicts on packets.
local test = require("test")

local ACCEPT, DROP = "accept", "drop"
local case, same, counted = test.case, test.same, test.counted
local ipv4, ipv6, tcp, udp = test.ipv4, test.ipv6, test.tcp, test.udp

-- What was decided for the flow of the packet that was sent last.
local DECIDED

local function verdict(packet)
  local answer, report = test.send(packet)
  DECIDED = report.decided
  return answer
end

local function decided(packet)
  verdict(packet)
  return DECIDED
end

local BLOCKED, FREE = test.hello("blocked.example"), test.hello("free.example")

-- A new connection: a function that gives the verdict on a piece of these bytes, by its place, and one that begins it.
local function connection(bytes, layers)
  local segments = test.connection(443, layers)
  local function noted(answer, report)
    DECIDED = report.decided
    return answer
  end
  return function(from, to) return noted(segments:send(bytes:sub(from, to), from - 1)) end,
    function() same(noted(segments:syn()), ACCEPT) end
end

case("a blocked name is dropped, as often as it is sent, IPv4 and IPv6", function()
  for _, layers in ipairs { { ipv4 = {} }, { ipv6 = {} } } do
    local send, syn = connection(BLOCKED, layers)
    syn()
    for _ = 1, 3 do same(send(1, -1), DROP) end
    local unseen = connection(BLOCKED, layers)
    for _ = 1, 3 do same(unseen(1, -1), DROP) end
  end
end)

case("names below are blocked, names beside are not", function()
  for name, expected in pairs {
    ["a.blocked.example"] = DROP, ["A.B.BLOCKED.example"] = DROP, ["blocked.example."] = DROP,
    ["notblocked.example"] = ACCEPT, ["blocked.example.org"] = ACCEPT, ["example"] = ACCEPT, ["free.example"] = ACCEPT,
  } do
    local send, syn = connection(test.hello(name))
    syn()
    if send(1, -1) ~= expected then error(name) end
  end
end)

case("headers with options are passed over", function()
  local function segment() return tcp(443, BLOCKED, { options = ("01"):rep(12) }) end
  same(verdict(ipv4(segment(), { options = "01010100" })), DROP)
  local extensions = { { kind = 0, hex = ("00"):rep(7) }, { kind = 60, hex = "01" .. ("00"):rep(14) }, { kind = 44, hex = ("00"):rep(7) } }
  same(verdict(ipv6(segment(), extensions)), DROP)
end)

case("other packets pass", function()
  same(verdict(ipv4(tcp(80, BLOCKED))), ACCEPT)
  same(verdict(ipv4(udp(443, BLOCKED))), ACCEPT)
  same(verdict(ipv4(tcp(443, ""))), ACCEPT)
  same(verdict(ipv4 { icmp = {} }), ACCEPT)
end)

case("a hello in two segments is dropped wherever it is cut", function()
  for cut = 1, #BLOCKED - 1 do
    local send, syn = connection(BLOCKED)
    syn()
    same(send(1, cut), ACCEPT)
    for _ = 1, 2 do same(send(cut + 1, -1), DROP) end
    local again, again_syn = connection(FREE)
    again_syn()
    same(again(1, cut), ACCEPT)
    same(again(cut + 1, -1), ACCEPT)
  end
end)

case("a hello in single bytes is dropped, and none passes after", function()
  local send, syn = connection(BLOCKED)
  syn()
  local dropped
  for at = 1, #BLOCKED do
    local got = send(at, at)
    if dropped then same(got, DROP) elseif got == DROP then dropped = at end
  end
  same(dropped, #BLOCKED)
end)

case("segments sent again, overlapping, or ahead do not hide a name", function()
  local send, syn = connection(BLOCKED)
  syn()
  same(send(31, -1), DROP) -- ahead: again, please, in order
  same(send(1, 20), ACCEPT)
  same(send(1, 20), ACCEPT)
  same(send(5, 30), ACCEPT)
  same(send(31, -1), DROP)
  same(send(20, -1), DROP)
end)

case("a stream with a lasting gap is given up, not cut off", function()
  local send, syn = connection(FREE)
  syn()
  for _ = 1, 3 do same(send(31, -1), DROP) end
  same(send(31, -1), ACCEPT)
end)

case("what follows an allowed hello passes", function()
  local send, syn = connection(FREE .. ("\23\3\3" .. counted(2, BLOCKED)))
  syn()
  same(send(1, #FREE), ACCEPT)
  same(send(#FREE + 1, -1), ACCEPT)
end)

case("a hello that never ends passes after the limit", function()
  local endless = "\22\3\1\64\0\1\0\64\0\3\3" .. ("r"):rep(32) .. "\0" .. "\0\2ab" .. "\1\0" .. "\63\0\0\21\62\0" .. ("x"):rep(9000)
  local send, syn = connection(endless)
  syn()
  for at = 1, 9000, 1000 do same(send(at, at + 999), ACCEPT) end
  same(send(9003, 9004), ACCEPT) -- no gap, for it is not followed any more
end)

case("a judged hello decides for the flow, and what has not told yet does not", function()
  for _, bytes in ipairs { BLOCKED, FREE } do
    local expected = bytes == BLOCKED and DROP or ACCEPT
    local send, syn = connection(bytes)
    syn()
    same(DECIDED, nil)
    send(1, 20)
    same(DECIDED, nil)
    send(21, -1)
    same(DECIDED, expected)
    connection(bytes)(1, -1) -- without its SYN
    same(DECIDED, expected)
  end
  local send, syn = connection(BLOCKED)
  syn()
  send(31, -1) -- ahead
  same(DECIDED, nil)
  send, syn = connection("no TLS")
  syn()
  send(1, -1)
  same(DECIDED, ACCEPT)
  connection("the middle of a stream")(1, -1)
  same(DECIDED, nil)
end)

case("flows that are no TLS are accepted at once; answers of a TLS server tell nothing", function()
  same(decided(ipv4(tcp(80, ""))), ACCEPT)
  same(decided(ipv4(udp(53, ""))), ACCEPT)
  same(decided(ipv4(udp(443, ""))), ACCEPT)
  same(decided(ipv4 { icmp = {} }), ACCEPT)
  same(decided(ipv4(tcp(40000, "", { client = 443 }))), nil)
  same(decided(ipv4(tcp(443, ""))), nil)
  same(decided(ipv4(tcp(443, BLOCKED), { fragment = 1 })), nil)
  same(decided("\69\0\0\20" .. ("\0"):rep(5) .. "\6" .. ("\0"):rep(10)), nil)
  same(decided(""), nil)
end)

case("a flood of connections forgets the oldest and blocks the newest", function()
  local send, syn = connection(BLOCKED)
  syn()
  same(send(1, 20), ACCEPT)
  for _ = 1, 300 do
    local _, other = connection(FREE)
    other()
  end
  same(send(21, -1), ACCEPT)
  local late, late_syn = connection(BLOCKED)
  late_syn()
  same(late(1, 20), ACCEPT)
  same(late(21, -1), DROP)
end)

case("what is behind more headers than anybody needs is dropped, and what has no ports to see", function()
  for _, packet in ipairs { ipv4(tcp(443, FREE), { fragment = 1 }), "" } do same(verdict(packet), DROP) end
  local headers = {}
  for i = 1, 9 do headers[i] = { kind = 60, hex = "00010400000000" } end
  same(verdict(ipv6(tcp(443, FREE), headers)), DROP)
end)

case("packets cut at any length, and with any header byte changed, never fail", function()
  test.mangled(ipv4(tcp(443, BLOCKED)))
  test.mangled(ipv6(tcp(443, BLOCKED), { { kind = 0, hex = ("00"):rep(7) } }))
end)
