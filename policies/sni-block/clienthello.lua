-- SPDX-License-Identifier: MIT OR GPL-2.0-only
-- The server name in the first bytes of a TLS stream (RFC 8446, RFC 6066).

local byte, sub, unpack = string.byte, string.sub, string.unpack

local clienthello = {}

local HANDSHAKE, CLIENT_HELLO = 22, 1
local SERVER_NAME, HOST_NAME = 0, 0
-- Of the lengths of the session's id, the cipher suites and the compression methods.
local WIDTHS = { 1, 2, 1 }
-- Of a record's payload (RFC 8446, 5.1).
local LONGEST_RECORD = 16384

-- Whether a stream that begins with this byte can be TLS.
function clienthello.begins(first)
  return first == HANDSHAKE
end

-- The handshake message that the records carry, as far as it is there, its size, and whether
-- more records may follow.
local function message(bytes)
  local size, at, fragments, have = #bytes, 1, {}, 0
  local whole
  while at <= size do
    if byte(bytes, at) ~= HANDSHAKE or at < size and byte(bytes, at + 1) ~= 3 then return nil end
    if at + 4 > size then break end
    local length = unpack(">I2", bytes, at + 3)
    if length == 0 or length > LONGEST_RECORD then return nil end
    local fragment = sub(bytes, at + 5, at + 4 + length)
    fragments[#fragments + 1] = fragment
    have = have + #fragment
    at = at + 5 + length
    if not whole and have >= 1 then
      local start = #fragments == 1 and fragment or table.concat(fragments)
      if byte(start) ~= CLIENT_HELLO then return nil end
      if have >= 4 then whole = 4 + unpack(">I3", start, 2) end
    end
    if whole and have >= whole then break end
  end
  return #fragments == 1 and fragments[1] or table.concat(fragments), whole
end

-- The name in a server_name extension.
local function host(extension)
  if #extension < 2 then return end
  local at, size = 3, #extension
  while at + 2 <= size do
    local kind, length = unpack(">BI2", extension, at)
    if at + 2 + length > size then return end
    if kind == HOST_NAME then return length > 0 and sub(extension, at + 3, at + 2 + length) or nil end
    at = at + 3 + length
  end
end

-- "name" and the server name, in lower case; "none" when these bytes do not begin a
-- ClientHello with one; "more" when further bytes would tell.
function clienthello.name(bytes)
  local hello, whole = message(bytes)
  if not hello then return "none" end
  if not whole then return "more" end
  local have = #hello

  -- Past the header, the version and the random come three fields with their lengths.
  local at = 4 + 2 + 32 + 1
  for field = 1, 3 do
    local width = WIDTHS[field]
    if at + width - 1 > whole then return "none" end
    if at + width - 1 > have then return "more" end
    at = at + width + unpack(width == 2 and ">I2" or ">B", hello, at)
  end
  if at + 1 > whole then return "none" end
  at = at + 2
  while at + 3 <= whole do
    if at + 3 > have then return "more" end
    local kind, length = unpack(">I2I2", hello, at)
    local last = at + 3 + length
    if last > whole then return "none" end
    if kind == SERVER_NAME then
      if last > have then return "more" end
      local name = host(sub(hello, at + 4, last))
      if not name then return "none" end
      return "name", name:lower()
    end
    at = last + 1
  end
  return "none"
end

return clienthello
