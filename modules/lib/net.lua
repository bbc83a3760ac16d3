-- SPDX-License-Identifier: MIT OR GPL-2.0-only
-- Network addresses as text. An IPv4 address is an integer, 1.2.3.4 is 0x01020304; an IPv6
-- address is a string of 16 bytes, as packets have it.

local net = {}

local function invalid(name, text, what)
  error(("net.%s: '%s' is no %s address"):format(name, tostring(text), what), 3)
end

-- Patterns are simple: what they need of the stack, hooks may not have.

-- Four numbers below 256 without leading zeros, or nil.
local function quad(text)
  local address, count = 0, 0
  for part in (text .. "."):gmatch("([^.]*)%.") do
    count = count + 1
    if count > 4 or part == "" or #part > 3 or part:find("%D") or #part > 1 and part:byte() == 48 then return nil end
    local number = tonumber(part)
    if number > 255 then return nil end
    address = address << 8 | number
  end
  return count == 4 and address or nil
end

-- "10.0.0.1" to an integer.
function net.aton(text)
  return type(text) == "string" and quad(text) or invalid("aton", text, "IPv4")
end

-- An integer's low 32 bits to text.
function net.ntoa(address)
  return ("%d.%d.%d.%d"):format(address >> 24 & 255, address >> 16 & 255, address >> 8 & 255, address & 255)
end

-- "fe80::1" or "::ffff:10.0.0.1" to bytes. No zones.
function net.aton6(text)
  local function fail() invalid("aton6", text, "IPv6") end
  if type(text) ~= "string" then fail() end
  -- An IPv4 address at the end stands for two groups.
  local rest, colon = text, text:find(":[^:]*$")
  if text:find(".", 1, true) then
    local address = colon and quad(text:sub(colon + 1)) or fail()
    rest = ("%s%x:%x"):format(text:sub(1, colon), address >> 16, address & 0xffff)
  end
  local function groups(part)
    local bytes, count = {}, 0
    if part == "" then return "" end
    for group in (part .. ":"):gmatch("([^:]*):") do
      count = count + 1
      if count > 8 or group == "" or #group > 4 or group:find("%X") then fail() end
      bytes[count] = string.pack(">I2", tonumber(group, 16))
    end
    return table.concat(bytes)
  end
  local gap = rest:find("::", 1, true)
  if not gap then
    local bytes = groups(rest)
    return #bytes == 16 and bytes or fail()
  end
  local head, tail = groups(rest:sub(1, gap - 1)), groups(rest:sub(gap + 2))
  local missing = 16 - #head - #tail
  return missing >= 2 and head .. ("\0"):rep(missing) .. tail or fail()
end

-- 16 bytes to text, as RFC 5952 writes it.
function net.ntoa6(address)
  if type(address) ~= "string" or #address ~= 16 then
    error("net.ntoa6: an IPv6 address is a string of 16 bytes", 2)
  end
  if address:sub(1, 12) == ("\0"):rep(10) .. "\255\255" then
    return "::ffff:" .. net.ntoa(string.unpack(">I4", address, 13))
  end
  -- The first of the longest runs of at least two zero groups is left out.
  local groups, start, length, run = {}, 0, 1, 0
  for i = 1, 8 do
    groups[i] = string.unpack(">I2", address, 2 * i - 1)
    run = groups[i] == 0 and run + 1 or 0
    if run > length then start, length = i - run + 1, run end
    groups[i] = ("%x"):format(groups[i])
  end
  if start == 0 then return table.concat(groups, ":") end
  return table.concat(groups, ":", 1, start - 1) .. "::" .. table.concat(groups, ":", start + length, 8)
end

return net
