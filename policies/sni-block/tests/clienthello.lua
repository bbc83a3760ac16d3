-- SPDX-License-Identifier: MIT OR GPL-2.0-only
-- Names in ClientHellos, whole and broken.
local clienthello = require("policies.sni-block.clienthello")

local function extension(kind, body) return string.pack(">I2", kind) .. counted(2, body) end
local function server_name(name) return extension(0, counted(2, "\0" .. counted(2, name))) end

local function hello(extensions)
  local body = "\3\3" .. ("r"):rep(32) .. counted(1, ("s"):rep(32)) .. counted(2, "\x0a\x0a\x13\x01\x13\x02") .. counted(1, "\0")
  if extensions then body = body .. counted(2, extensions) end
  return "\1" .. counted(3, body)
end

-- A handshake message in records of so many bytes.
local function records(message, size)
  local out = {}
  for at = 1, #message, size or #message do
    out[#out + 1] = "\22\3\1" .. counted(2, message:sub(at, at + (size or #message) - 1))
  end
  return table.concat(out)
end

local function gives(bytes, found, name)
  local got, host = clienthello.name(bytes)
  same(got, found)
  same(host, name)
end

local GREASE = extension(0x0a0a, "") .. extension(0xfafa, "\0")
local KEYS = extension(51, counted(2, "\x11\xec" .. counted(2, ("k"):rep(1216))))
local ALPN = extension(16, counted(2, counted(1, "h2") .. counted(1, "http/1.1")))
local NAMED = GREASE .. KEYS .. ALPN .. server_name("WWW.Blocked.Example") .. extension(43, "\2\3\4")

case("a name is found, in lower case", function()
  gives(records(hello(server_name("a.example"))), "name", "a.example")
  gives(records(hello(NAMED)), "name", "www.blocked.example")
end)

case("what follows the name does not matter", function()
  gives(records(hello(NAMED)) .. "\20\3\3\0\1\1", "name", "www.blocked.example")
end)

case("a hello in records of any size is whole", function()
  local message = hello(NAMED)
  for _, size in ipairs { 1, 2, 3, 4, 5, 7, 64, 300, #message - 1 } do
    gives(records(message, size), "name", "www.blocked.example")
  end
end)

case("a hello cut at any length wants more until the answer is sure, and never fails", function()
  for _, bytes in ipairs { records(hello(NAMED)), records(hello(NAMED), 100), records(hello(KEYS .. GREASE)) } do
    local answer, name = clienthello.name(bytes)
    local sure
    for length = 0, #bytes - 1 do
      local found, host = clienthello.name(bytes:sub(1, length))
      sure = sure or found ~= "more"
      same(found, sure and answer or "more")
      same(host, sure and name or nil)
    end
  end
end)

case("a hello with any byte changed never fails", function()
  local bytes = records(hello(GREASE .. server_name("a.example") .. ALPN))
  for at = 1, #bytes do
    for _, value in ipairs { 0, 1, 127, 128, 255 } do
      clienthello.name(bytes:sub(1, at - 1) .. string.char(value) .. bytes:sub(at + 1))
    end
  end
end)

case("no name is none", function()
  gives(records(hello(GREASE .. KEYS .. ALPN)), "none")
  gives(records(hello("")), "none")
  gives(records(hello(nil)), "none")
  gives(records(hello(server_name(""))), "none")
  gives(records(hello(extension(0, ""))), "none")
  gives(records(hello(extension(0, counted(2, "\7" .. counted(2, "a.example"))))), "none")
end)

case("lengths that do not fit are none", function()
  gives(records(hello(extension(0, counted(2, "\0\255\255a")))), "none")
  gives(records(hello("\0\0\255\255")), "none")
  gives(records("\1\0\0\4abcd"), "none")
end)

case("what is no ClientHello is none", function()
  gives("GET / HTTP/1.1\r\n", "none")
  gives("\23\3\3\0\5hello", "none")
  gives("\22\9\9", "none")
  gives("\22\3\1\0\0", "none")
  gives("\22\3\1\255\255", "none")
  gives(records("\2" .. hello(NAMED):sub(2)), "none")
  gives("\2", "none")
end)
