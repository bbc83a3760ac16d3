-- SPDX-License-Identifier: MIT OR GPL-2.0-only
-- The module `test` for tests in Lua: what Rust offers, and what is easier here.
local test = ...

-- Both are the same.
function test.same(got, expected, what)
  if got ~= expected then
    error((what and what .. ": " or "") .. "expected " .. tostring(expected) .. ", got " .. tostring(got), 2)
  end
end

-- f(...) raises an error in which this text is.
function test.raises(text, f, ...)
  local ok, problem = pcall(f, ...)
  if ok then error("expected an error with '" .. text .. "', and there was none", 2) end
  if not tostring(problem):find(text, 1, true) then
    error("expected an error with '" .. text .. "', got: " .. tostring(problem), 2)
  end
end

-- Bytes with their length before them, in so many bytes.
function test.counted(width, bytes) return string.pack(">s" .. width, bytes) end

-- Layers of what is sent to a port, with its payload; `ipv4` and `ipv6` make packets of them. Options of `tcp`: `client` (its
-- port), `sequence`, `flags`, `options` (hexadecimal digits).
function test.tcp(port, payload, options)
  options = options or {}
  return {
    tcp = {
      source = options.client, destination = port, sequence = options.sequence, flags = options.flags, options = options.options,
    },
    payload = payload,
  }
end

function test.udp(port, payload, client)
  return { udp = { source = client, destination = port }, payload = payload }
end

-- The bytes of a packet of these layers over IP; `fields` are of its header, `extensions` follow it.
function test.ipv4(layers, fields)
  layers.ipv4 = fields or {}
  return test.packet(layers)
end

function test.ipv6(layers, extensions)
  layers.ipv6 = { extensions = extensions }
  return test.packet(layers)
end

-- The bytes of a packet that answers one of these layers, which have both ports: from its receiver to its sender. `flags` are
-- TCP's.
function test.answer(layers, flags)
  local answer = {}
  for name, layer in pairs(layers) do answer[name] = layer end
  for _, name in ipairs { "tcp", "udp" } do
    local layer = layers[name]
    answer[name] = layer and { source = layer.destination, destination = layer.source, flags = flags }
  end
  local bytes = test.packet(answer)
  local at, size = 13, 4
  if layers.ipv6 then at, size = 9, 16 end
  local source, destination = bytes:sub(at, at + size - 1), bytes:sub(at + size, at + 2 * size - 1)
  return bytes:sub(1, at - 1) .. destination .. source .. bytes:sub(at + 2 * size)
end

-- Sends a packet cut at every length, and with every byte of its first 100 changed in many ways: a policy fails on none.
function test.mangled(layers, options)
  local whole = type(layers) == "string" and layers or test.packet(layers)
  for length = 0, #whole do test.send(whole:sub(1, length), options) end
  for at = 1, math.min(#whole, 100) do
    for value = 0, 255, 5 do test.send(whole:sub(1, at - 1) .. string.char(value) .. whole:sub(at + 1), options) end
  end
end

-- The bytes of a TLS ClientHello for a host.
function test.hello(name) return test.packet({ ipv4 = {}, tcp = { destination = 443 }, tls = { sni = name } }):sub(41) end

-- A TCP connection to a port, from a client's port of its own. `layers` may have the IP layer (`ipv6 = {}`) and others.
local Connection = {}
Connection.__index = Connection

local clients = 0

function test.connection(port, layers)
  clients = clients + 1
  -- Numbers begin near their end, so that they begin again within the first bytes.
  local start = 0xfffffff0 + clients % 2
  return setmetatable({ port = port, client = 1000 + clients, start = start, next = 0, layers = layers or { ipv4 = {} } }, Connection)
end

-- Sends bytes, the next of the connection or those from a place on, which counts from 0. Returns the verdict and the
-- report, as `test.send` does.
function Connection:send(bytes, place)
  return self:segment(bytes, place or self.next, { "ack" })
end

-- Sends the segment that begins the connection, which the other end answers. Returns what becomes of the first.
function Connection:syn()
  local layers = self:layer("", -1, { "syn" })
  local verdict, report = test.send(layers)
  if verdict == "accept" then test.send(test.answer(layers, { "syn", "ack" }), { path = "forward", interface = "eth0" }) end
  return verdict, report
end

function Connection:segment(bytes, place, flags) return test.send(self:layer(bytes, place, flags)) end

function Connection:layer(bytes, place, flags)
  local layers = { payload = bytes }
  for name, layer in pairs(self.layers) do layers[name] = layer end
  layers.tcp = { source = self.client, destination = self.port, sequence = self.start + 1 + place & 0xffffffff, flags = flags }
  self.next = place < 0 and 0 or place + #bytes
  return layers
end

return test
