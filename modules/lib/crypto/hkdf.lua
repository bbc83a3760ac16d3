-- SPDX-License-Identifier: MIT OR GPL-2.0-only
-- Keys from keys, as RFC 5869 has it: hkdf.new("sha256"):hkdf(salt, ikm, info, length).
-- The kernel's HMAC computes, or, where its configuration has none, its hash, twice (RFC 2104).

local shash = require("crypto.shash")

local HKDF = {}
HKDF.__index = HKDF

-- Bytes with each one's bits turned over that `mask` has.
local function xor(bytes, mask)
  return (bytes:gsub(".", function(byte) return string.char(byte:byte() ~ mask) end))
end

-- With the HMAC of a hash, by its name.
function HKDF.new(alg)
  local keyed, tfm = pcall(shash.new, "hmac(" .. alg .. ")")
  if not keyed then
    if tfm ~= "ENOENT" then error(tfm, 2) end
    tfm = shash.new(alg)
  end
  return setmetatable({ tfm = tfm, keyed = keyed }, HKDF)
end

function HKDF:close()
  self.tfm:close()
end
HKDF.__close = HKDF.close

-- The bytes of a digest.
function HKDF.__len(self)
  return self.tfm:digestsize()
end

function HKDF:hmac(key, data)
  local tfm = self.tfm
  if self.keyed then
    tfm:setkey(key)
    return tfm:digest(data)
  end
  local block = tfm:blocksize()
  if #key > block then key = tfm:digest(key) end
  key = key .. ("\0"):rep(block - #key)
  return tfm:digest(xor(key, 0x5c) .. tfm:digest(xor(key, 0x36) .. data))
end

-- A key of a digest's length; without a salt it is zeros.
function HKDF:extract(salt, ikm)
  return self:hmac(salt or ("\0"):rep(#self), ikm)
end

-- So many bytes of such a key, for a purpose; at most 255 digests.
function HKDF:expand(prk, info, length)
  local digest = #self
  if math.type(length) ~= "integer" or length < 0 or length > 255 * digest then
    error(("hkdf: length is not between 0 and %d"):format(255 * digest), 2)
  end
  local blocks, last = {}, ""
  for i = 1, (length + digest - 1) // digest do
    last = self:hmac(prk, last .. (info or "") .. string.char(i))
    blocks[i] = last
  end
  return table.concat(blocks):sub(1, length)
end

function HKDF:hkdf(salt, ikm, info, length)
  return self:expand(self:extract(salt, ikm), info, length)
end

return HKDF
