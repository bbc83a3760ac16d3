-- SPDX-License-Identifier: MIT OR GPL-2.0-only
-- Netlink messages as bytes: headers and attributes.

local nl, struct = require("linux.netlink"), require("struct")

local message = {}

local header, attribute = struct(nl.layout.nlmsghdr), struct(nl.layout.nlattr)

-- NLA_F_NESTED, and what is left of an attribute's type without it and NLA_F_NET_BYTEORDER.
local NESTED <const>, TYPE <const> = 0x8000, 0x3fff

local function aligned(length)
  return length + nl.ALIGNTO - 1 & -nl.ALIGNTO
end

-- A message: its type, NLM_F_* flags, sequence number, and what follows the header.
function message.encode(mtype, flags, seq, payload)
  return header:pack(header.size + #payload, mtype, flags, seq, 0) .. payload
end

-- What begins at a position with a length, record by record: its bytes behind that header, then what else the header
-- says. The first that is not whole ends it.
local function each(codec, bytes, at)
  return function()
    if at + codec.size - 1 > #bytes then return nil end
    local length, kind, flags, seq = codec:unpack(bytes, at)
    if length < codec.size or at + length - 1 > #bytes then return nil end
    local body = bytes:sub(at + codec.size, at + length - 1)
    at = at + aligned(length)
    return body, kind, flags, seq
  end
end

-- The messages in received bytes: a list of { type =, flags =, seq =, body = }.
function message.parse(bytes)
  local messages = {}
  for body, kind, flags, seq in each(header, bytes, 1) do
    messages[#messages + 1] = { type = kind, flags = flags, seq = seq, body = body }
  end
  return messages
end

local function encode(attributes)
  local kinds, parts = {}, {}
  for kind in pairs(attributes) do kinds[#kinds + 1] = kind end
  table.sort(kinds)
  for _, kind in ipairs(kinds) do
    local value = attributes[kind]
    if type(value) == "table" then
      kind, value = kind | NESTED, encode(value)
    elseif value == true then
      value = ""
    elseif type(value) ~= "string" then
      value = string.pack("=I4", value)
    end
    local length = attribute.size + #value
    parts[#parts + 1] = attribute:pack(length, kind) .. value .. ("\0"):rep(aligned(length) - length)
  end
  return table.concat(parts)
end

local function parse(bytes, at)
  local attributes = {}
  for value, kind in each(attribute, bytes, at) do attributes[kind & TYPE] = value end
  return attributes
end

-- Attributes from a table { [type] = value } to bytes, in the order of their types: an integer is a u32, a string is
-- as it is, a table is attributes in an attribute, true is one without a value. Or from bytes, beginning at a position
-- (1 if not given), to a table of strings.
function message.attrs(attributes, pos)
  if type(attributes) == "string" then return parse(attributes, pos or 1) end
  return encode(attributes)
end

-- An attribute's value as an integer; nil if there is none.
function message.u32(value)
  return value and (string.unpack("=I4", value))
end

-- An attribute's value as text, up to its first zero byte; nil if there is none.
function message.str(value)
  return value and value:match("^[^\0]*")
end

return message
