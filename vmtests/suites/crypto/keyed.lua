-- SPDX-License-Identifier: MIT OR GPL-2.0-only
-- HMAC of RFC 4231, test cases 1 and 2, by the kernel's and by hkdf's; HKDF of RFC 5869, A.1.
local shash, hkdf, util = require("crypto.shash"), require("crypto.hkdf"), require("util")
local kdf <close> = hkdf.new("sha256")
local mac <close> = shash.new("hmac(sha256)")
for _, case in ipairs {
  { ("\x0b"):rep(20), "Hi There", "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7" },
  { "Jefe", "what do ya want for nothing?", "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843" },
} do
  local key, text, expected = table.unpack(case)
  mac:setkey(key)
  assert(util.bin2hex(mac:digest(text)) == expected and util.bin2hex(kdf:hmac(key, text)) == expected)
end
local salt, info = util.hex2bin("000102030405060708090a0b0c"), util.hex2bin("f0f1f2f3f4f5f6f7f8f9")
assert(util.bin2hex(kdf:hkdf(salt, ("\x0b"):rep(22), info, 42))
  == "3cb25f25faacd57a90434f64d0362f2a2d2d0a90cf1a5a4c5db02d56ecc4c5bf34007208d5b887185865")
assert(#kdf == 32 and #kdf:expand(kdf:extract(salt, "x"), info, 100) == 100)
