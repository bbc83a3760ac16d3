-- SPDX-License-Identifier: MIT OR GPL-2.0-only
-- What was sealed is opened; what was changed since is not. GCM's specification, test case 4.
local aead, util = require("crypto.aead"), require("util")
local gcm <close> = aead.new("gcm(aes)")
gcm:setkey(util.hex2bin("feffe9928665731c6d6a8f9467308308"))
gcm:setauthsize(16)
local nonce = util.hex2bin("cafebabefacedbaddecaf888")
local header = util.hex2bin("feedfacedeadbeeffeedfacedeadbeefabaddad2")
local text = util.hex2bin("d9313225f88406e5a55909c5aff5269a86a7a9531534f7da2e4c303d8a318a72"
  .. "1c3c0c95956809532fcf0e2449a6b525b16aedf5aa0de657ba637b39")
local sealed = gcm:encrypt(nonce, text, header)
assert(util.bin2hex(sealed) == "42831ec2217774244b7221b784d0d49ce3aa212f2c02a4e035c17e2329aca12e"
  .. "21d514b25466931c7d8f6a5aac84aa051ba30b396a0aac973d58e091" .. "5bc94fbc3221a5db94fae95ae7121a47")
assert(gcm:decrypt(nonce, sealed, header) == text)
for name, keys in pairs { ["gcm(aes)"] = 32, ["ccm(aes)"] = 16, ["rfc7539(chacha20,poly1305)"] = 32 } do
  local cipher <close> = aead.new(name)
  cipher:setkey(("k"):rep(keys))
  cipher:setauthsize(16)
  -- The first byte of CCM's says how long lengths are.
  local iv = "\3" .. ("i"):rep(cipher:ivsize() - 1)
  local whole = cipher:encrypt(iv, "a secret", "and what all may know")
  assert(#whole == 8 + cipher:authsize() and not whole:find("secret", 1, true))
  assert(cipher:decrypt(iv, whole, "and what all may know") == "a secret")
  local changed = whole:sub(1, -2) .. string.char(whole:byte(-1) ~ 1)
  for _, wrong in ipairs { { changed, "and what all may know" }, { whole, "and what no one knows" } } do
    local ok, message = pcall(cipher.decrypt, cipher, iv, table.unpack(wrong))
    assert(not ok and message == "EBADMSG", name .. ": " .. tostring(message))
  end
end
