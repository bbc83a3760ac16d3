-- SPDX-License-Identifier: MIT OR GPL-2.0-only
-- Names in DNS queries and ClientHellos, whole and broken, as the library `packet` reads them and
-- as sets look them up. Runs in the kernel and on the host.
local packet = require("packet")
local data = require("data")
local set = require("set")

local function same(got, expected, about)
  if got ~= expected then error(("%s: expected %s, got %s"):format(about or "", expected, got), 2) end
end

local function counted(width, bytes) return string.pack(">s" .. width, bytes) end

local function window(bytes)
  local d = data.new(#bytes)
  d:setstring(0, bytes)
  return d
end

local LABELS = set.labeled { ["blocked.example"] = 1, ["ads.example"] = 2, ["a.example"] = 4 }

-- DNS: what a message asks for; a string, the same in a window, and behind other bytes
local function asks(message, name, kind)
  local label = name and LABELS:match(name)
  for at, bytes in pairs { [0] = message, [1] = "x" .. message, [14] = window(("\0"):rep(14) .. message) } do
    local got, type = packet.dns(bytes, at)
    same(got, name)
    same(type, kind)
    same(LABELS:question(bytes, at), label)
  end
end

local function wire(text)
  return (text:gsub("([^.]+)%.?", function(label) return counted(1, label) end)) .. "\0"
end
local function query(encoded, flags, questions)
  return string.pack(">I2I2I2I2I2I2", 77, flags or 0x0100, questions or 1, 0, 0, 0) .. encoded .. "\0\28\0\1"
end

asks(query(wire("ads.example")), "ads.example", 28)
asks(query(wire("x.aDs.EXAMPLE")), "x.ads.example", 28)
asks(query("\0"), "", 28)
-- pointers, within the message; past the question: 12 bytes of header, 4 of name, 4 of type and class
asks(query("\1a\xc0\20") .. wire("ads.example"), "a.ads.example", 28)
asks(query("\xc0\18") .. wire("ads.example"), "ads.example", 28)
for _, nowhere in ipairs { "\xc0\12", "\1a\xc0\12", "\xff\xff", "\x80a" } do asks(query(nowhere), nil) end
-- 255 bytes are a name, more are not
local longest = counted(1, ("a"):rep(63)):rep(3)
same(#packet.dns(query(longest .. counted(1, ("a"):rep(61)) .. "\0")), 253)
asks(query(longest .. counted(1, ("a"):rep(62)) .. "\0"), nil)
-- a dot inside of a label is none between two
same(packet.dns(query("\11ads.example\0")), "ads\0example")
-- answers, other operations and no question are no query
for _, flags in ipairs { 0x8180, 0x2800 } do asks(query(wire("ads.example"), flags), nil) end
asks(query(wire("ads.example"), nil, 0), nil)
asks(query(wire("ads.example"), nil, 2), "ads.example", 28)
-- cut at any length: no name, or one without its type
local message = query("\1a\xc0\20") .. wire("ads.example")
for length = 0, #message - 1 do
  same(packet.dns(message:sub(1, length)), nil)
  same(LABELS:question(message, 0, length), nil)
end
same(select(2, packet.dns(query(wire("ads.example")):sub(1, -4))), nil)

-- TLS: the name, "none" or "more"
local function tells(bytes)
  local name, more = packet.sni(bytes)
  local label, label_more = LABELS:hello(bytes)
  same(label, name and LABELS:match(name))
  same(label_more, more)
  same(packet.sni(window("12345" .. bytes), 5), name)
  same(LABELS:hello(window("12345" .. bytes), 5), label)
  return name or (more and "more" or "none")
end
local function extension(kind, body) return string.pack(">I2", kind) .. counted(2, body) end
local function server_name(name) return extension(0, counted(2, "\0" .. counted(2, name))) end
local function hello(extensions)
  local body = "\3\3" .. ("r"):rep(32) .. counted(1, ("s"):rep(32)) .. counted(2, "\x0a\x0a\x13\x01\x13\x02") .. counted(1, "\0")
  if extensions then body = body .. counted(2, extensions) end
  return "\1" .. counted(3, body)
end
-- A handshake message in records of so many bytes.
local function records(bytes, size)
  local out = {}
  for at = 1, #bytes, size or #bytes do
    out[#out + 1] = "\22\3\1" .. counted(2, bytes:sub(at, at + (size or #bytes) - 1))
  end
  return table.concat(out)
end

local GREASE = extension(0x0a0a, "") .. extension(0xfafa, "\0")
local KEYS = extension(51, counted(2, "\x11\xec" .. counted(2, ("k"):rep(316))))
local ALPN = extension(16, counted(2, counted(1, "h2") .. counted(1, "http/1.1")))
local NAMED = GREASE .. KEYS .. ALPN .. server_name("WWW.Blocked.Example") .. extension(43, "\2\3\4")

same(tells(records(hello(server_name("a.example")))), "a.example")
same(tells(records(hello(server_name("a.example.")))), "a.example")
same(tells(records(hello(NAMED))), "www.blocked.example")
same(tells(records(hello(NAMED)) .. "\20\3\3\0\1\1"), "www.blocked.example")
for _, size in ipairs { 1, 2, 3, 4, 5, 7, 64, 300, #hello(NAMED) - 1 } do
  same(tells(records(hello(NAMED), size)), "www.blocked.example", size)
end
-- of what claims to be longer than a name can be, the end counts
same(LABELS:hello(records(hello(server_name(("a."):rep(200) .. "blocked.example")))), 1)

-- cut at any length it wants more until the answer is sure
for _, bytes in ipairs { records(hello(NAMED)), records(hello(NAMED), 100), records(hello(KEYS .. GREASE)) } do
  local answer, sure = tells(bytes), nil
  for length = 0, #bytes - 1 do
    local found = tells(bytes:sub(1, length))
    sure = sure or found ~= "more"
    same(found, sure and answer or "more")
    local _, more = LABELS:hello(bytes, 0, length)
    same(more == true, found == "more")
  end
end
-- changed in any place it does not fail
local bytes = records(hello(GREASE .. server_name("a.example") .. ALPN))
for at = 1, #bytes do
  for _, value in ipairs { 0, 1, 127, 128, 255 } do
    packet.sni(bytes:sub(1, at - 1) .. string.char(value) .. bytes:sub(at + 1))
  end
end
for _, none in ipairs {
  records(hello(GREASE .. KEYS .. ALPN)), records(hello("")), records(hello(nil)), records(hello(server_name(""))),
  records(hello(extension(0, ""))), records(hello(extension(0, counted(2, "\7" .. counted(2, "a.example"))))),
  records(hello(extension(0, counted(2, "\0\255\255a")))), records(hello("\0\0\255\255")), records("\1\0\0\4abcd"),
  "GET / HTTP/1.1\r\n", "\23\3\3\0\5hello", "\22\9\9", "\22\3\1\0\0", "\22\3\1\255\255",
  records("\2" .. hello(NAMED):sub(2)), "\2",
} do
  same(tells(none), "none")
end
