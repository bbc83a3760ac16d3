-- SPDX-License-Identifier: MIT OR GPL-2.0-only
-- AES-128 of NIST SP 800-38A: F.1.1 (ECB), F.2.1 (CBC), F.5.1 (CTR), two blocks each.
local skcipher, util = require("crypto.skcipher"), require("util")
local key = util.hex2bin("2b7e151628aed2a6abf7158809cf4f3c")
local plain = util.hex2bin("6bc1bee22e409f96e93d7e117393172aae2d8a571e03ac9c9eb76fac45af8e51")
for name, case in pairs {
  ["ecb(aes)"] = { "", "3ad77bb40d7a3660a89ecaf32466ef97f5d3d58503b9699de785895a96fdbaaf" },
  ["cbc(aes)"] = { "000102030405060708090a0b0c0d0e0f",
    "7649abac8119b246cee98e9b12e9197d5086cb9b507219ee95db113a917678b2" },
  ["ctr(aes)"] = { "f0f1f2f3f4f5f6f7f8f9fafbfcfdfeff",
    "874d6191b620e3261bef6864990db6ce9806f66b7970fdff8617187bb9fffdff" },
} do
  local iv, expected = util.hex2bin(case[1]), case[2]
  local cipher <close> = skcipher.new(name)
  assert(cipher:algname() == name and cipher:ivsize() == #iv)
  local ok, message = pcall(cipher.encrypt, cipher, iv, plain)
  assert(name == "ecb(aes)" or not ok and message == "ENOKEY", tostring(message))
  assert(not pcall(cipher.setkey, cipher, "short"))
  cipher:setkey(key)
  local sealed = cipher:encrypt(iv, plain)
  assert(util.bin2hex(sealed) == expected, name .. ": " .. util.bin2hex(sealed))
  assert(cipher:decrypt(iv, sealed) == plain)
end
