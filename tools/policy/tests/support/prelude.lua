-- SPDX-License-Identifier: MIT OR GPL-2.0-only
-- What a policy finds in the kernel, for its tests in userland: `require` of what was
-- rendered (SOURCES, given before) and of libraries (BINDINGS), and packets. Hooks and their
-- packets are Lua here; those of the kernel are tested in the kernel.

local loaded = { data = BINDINGS.data, packet = BINDINGS.packet, set = BINDINGS.set }

-- Bytes as the kernel's `data`.
function data(bytes)
  local object = BINDINGS.data.new(#bytes)
  object:setstring(0, bytes)
  return object
end

-- List files by their paths, as `compile` makes them.
LISTS = {}

function loaded.set.load(path)
  return BINDINGS.set.list(LISTS[path] or error("set.load: " .. path .. ": there is no such file", 2))
end

-- What was registered, in its order.
HOOKS = {}

loaded["netfilter"] = { register = function(options) HOOKS[#HOOKS + 1] = options end }
loaded["linux.nf.action"] = { DROP = 0, ACCEPT = 1 }
loaded["linux.nf.inet"] = { PRE_ROUTING = 0, LOCAL_IN = 1, FORWARD = 2, LOCAL_OUT = 3, POST_ROUTING = 4 }
loaded["linux.nf.ip.pri"] = { RAW = -300, MANGLE = -150, FILTER = 0, SECURITY = 50 }
loaded["linux.nf.proto"] = { INET = 1, IPV4 = 2, BRIDGE = 7, IPV6 = 10 }

-- What not every script may require, if the policy's manifest lists it.
local listed = { netfilter = true }
CAPABILITIES = {}

function require(name)
  if listed[name] and not CAPABILITIES[name] then error(name .. ": not granted", 2) end
  if loaded[name] == nil then
    local source = SOURCES[name] or error("module '" .. name .. "' not found", 2)
    loaded[name] = assert(load(source, "@" .. name:gsub("%.", "/") .. ".lua"))() or true
  end
  return loaded[name]
end

local Skb = {}
Skb.__index = Skb

function Skb:data()
  return data(self.bytes)
end

function Skb:ports()
  return loaded.packet.ports(self.bytes)
end

function Skb:decide(answer)
  if answer ~= ACCEPT and answer ~= DROP then error("what holds for a flow is ACCEPT or DROP", 2) end
  DECIDED = answer
  return answer
end

-- The first hook's verdict on a packet, given from its network header on. DECIDED is what it then
-- decided for the flow, or nil; there are no flows here, so that the next packet is asked about.
function verdict(bytes)
  DECIDED = nil
  return HOOKS[1].hook(setmetatable({ bytes = bytes }, Skb))
end

-- The same, and what was decided.
function decided(bytes)
  verdict(bytes)
  return DECIDED
end

ACCEPT, DROP = 1, 0

-- Bytes with their length before them, in so many bytes.
function counted(width, bytes)
  return string.pack(">s" .. width, bytes)
end

function ipv4(protocol, payload, options)
  options = options or {}
  local extra = options.options or ""
  local source = options.source or "\192\168\1\100"
  return string.pack(">BBI2I2I2BBI2", 0x40 | (20 + #extra) // 4, 0, 20 + #extra + #payload, 1,
    options.fragment or 0, 64, protocol, 0) .. source .. "\198\18\0\1" .. extra .. payload
end

-- extensions: pairs of a protocol number and the bytes after its first, in order.
function ipv6(protocol, payload, extensions)
  local chain, next_header = payload, protocol
  for i = #(extensions or {}), 1, -1 do
    chain = string.char(next_header) .. extensions[i][2] .. chain
    next_header = extensions[i][1]
  end
  return string.pack(">I4I2BB", 6 << 28, #chain, next_header, 64) .. ("\253" .. ("\0"):rep(15)):rep(2) .. chain
end

function udp(port, payload, client)
  return string.pack(">I2I2I2I2", client or 40000, port, 8 + #payload, 0) .. payload
end

-- options: sequence, flags, client (port), options (bytes, a multiple of four)
function tcp(port, payload, options)
  options = options or {}
  local extra = options.options or ""
  return string.pack(">I2I2I4I4BBI2I2I2", options.client or 40000, port, options.sequence or 1, 1,
    (20 + #extra) // 4 << 4, options.flags or 0x18, 1024, 0, 0) .. extra .. payload
end

SYN = 2

-- Runs a function; its error then says the name.
function case(name, f)
  local ok, problem = pcall(f)
  if not ok then error(name .. ": " .. tostring(problem), 0) end
end

function same(got, expected)
  if got ~= expected then error("expected " .. tostring(expected) .. ", got " .. tostring(got), 2) end
end
