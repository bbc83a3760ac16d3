-- SPDX-License-Identifier: MIT OR GPL-2.0-only
-- What `crypto` promises, with the examples of the standards.
local shash, skcipher, aead = require("crypto.shash"), require("crypto.skcipher"), require("crypto.aead")
local rng, comp = require("crypto.rng"), require("crypto.comp")
assert(require("crypto").shash == shash and require("crypto").comp == comp)
local hkdf, util = require("crypto.hkdf"), require("util")
local hex, bytes = util.bin2hex, util.hex2bin

local function raises(pattern, f, ...)
  local ok, message = pcall(f, ...)
  assert(not ok and tostring(message):find(pattern, 1, true), ("expected '%s', got %s"):format(pattern, tostring(message)))
end
local function is(expected, got) assert(hex(got) == expected, ("expected %s, got %s"):format(expected, hex(got))) end

-- FIPS 180-4
local abc = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
local long = "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq"
local long_digest = "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1"
local sha <close> = shash.new("sha256")
assert(sha:algname() == "sha256" and sha:digestsize() == 32 and sha:blocksize() == 64)
is(abc, sha:digest("abc"))
is("e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855", sha:digest(""))
raises("init comes first", sha.update, sha, "a")
raises("init comes first", sha.final, sha)
raises("init comes first", sha.export, sha)
sha:init()
sha:update(long:sub(1, 20))
is(abc, sha:digest("abc")) -- in between
local state = sha:export()
is(long_digest, sha:finup(long:sub(21)))
raises("init comes first", sha.final, sha)
-- goes on from there, also in another one; not from what was never exported
local other <close> = shash.new("sha256")
other:import(state)
other:update(long:sub(21))
is(long_digest, other:final())
for _, wrong in ipairs { "", "x", state .. "x", state:sub(1, -2), ("\255"):rep(#state) } do
  raises("invalid value", sha.import, sha, wrong)
end
local crc <close> = shash.new("crc32c")
crc:init()
raises("invalid value", sha.import, sha, crc:export())
is("839206e3", crc:digest("123456789")) -- RFC 3720: 0xe3069283
assert(not pcall(sha.setkey, sha, "key"))
raises("out of bounds", sha.digest, sha, ("x"):rep(65537))
raises("expected", sha.digest, sha, {})
raises("expected", sha.digest, sha)
raises("ENOENT", shash.new, "no-such-hash")
assert(not pcall(shash.new, "ctr(aes)"))
raises("string expected", shash.new)
assert(not pcall(shash.new, ("x"):rep(1000)) and not pcall(shash.new, ""))

-- RFC 5869, A.1 to A.3
local function range(first, last)
  local range = {}
  for byte = first, last do range[#range + 1] = string.char(byte) end
  return table.concat(range)
end
local kdf <close> = hkdf.new("sha256")
assert(#kdf == 32)
local prk = kdf:extract(range(0, 12), ("\x0b"):rep(22))
is("077709362c2e32df0ddc3f0dc47bba6390b6c73bb50f9c3122ec844ad7c2b3e5", prk)
is("3cb25f25faacd57a90434f64d0362f2a2d2d0a90cf1a5a4c5db02d56ecc4c5bf34007208d5b887185865",
  kdf:expand(prk, range(0xf0, 0xf9), 42))
is("b11e398dc80327a1c8e7f78c596a49344f012eda2d4efad8a050cc4c19afa97c59045a99cac7827271cb41c65e590e09"
  .. "da3275600c2f09b8367793a9aca3db71cc30c58179ec3e87c14c01d5c1f3434f1d87",
  kdf:hkdf(range(0x60, 0xaf), range(0, 0x4f), range(0xb0, 0xff), 82))
is("8da4e775a563c18f715f802a063c5a31b8a11f5c5ee1879ec3454e5f3c738d2d9d201395faa4b61a96c8",
  kdf:hkdf(nil, ("\x0b"):rep(22), nil, 42))
assert(#kdf:expand(prk, "", 255 * 32) == 255 * 32 and kdf:expand(prk, "", 0) == "")
raises("not between", kdf.expand, kdf, prk, "", 255 * 32 + 1)
raises("ENOENT", hkdf.new, "no-such-hash")

-- RFC 4231, 1 to 3, 6 and 7
is("b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7", kdf:hmac(("\x0b"):rep(20), "Hi There"))
is("5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843", kdf:hmac("Jefe", "what do ya want for nothing?"))
is("773ea91e36800e46854db8ebd09181a72959098b3ef8c122d9635514ced565fe", kdf:hmac(("\xaa"):rep(20), ("\xdd"):rep(50)))
is("60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54",
  kdf:hmac(("\xaa"):rep(131), "Test Using Larger Than Block-Size Key - Hash Key First"))
is("9b09ffa71b942fcb27635fbcd5b0e944bfdc63644f0713938a7f51535c3a35e2", kdf:hmac(("\xaa"):rep(131), "This is a test using "
  .. "a larger than block-size key and a larger than block-size data. The key needs to be hashed before being used by the "
  .. "HMAC algorithm."))

-- NIST SP 800-38A, F.1.1 and F.5.1
local key, plain = bytes("2b7e151628aed2a6abf7158809cf4f3c"), bytes("6bc1bee22e409f96e93d7e117393172a")
local ecb <close> = skcipher.new("ecb(aes)")
assert(ecb:ivsize() == 0 and ecb:blocksize() == 16)
ecb:setkey(key)
is("3ad77bb40d7a3660a89ecaf32466ef97", ecb:encrypt("", plain))
assert(ecb:decrypt("", ecb:encrypt("", plain)) == plain)
raises("EINVAL", ecb.encrypt, ecb, "", "not a block")
raises("EINVAL", ecb.encrypt, ecb, "x", plain)
local ctr <close> = skcipher.new("ctr(aes)")
assert(ctr:algname() == "ctr(aes)" and ctr:ivsize() == 16 and ctr:blocksize() == 1)
raises("EINVAL", ctr.setkey, ctr, "short")
raises("ENOKEY", ctr.encrypt, ctr, ("\0"):rep(16), plain)
ctr:setkey(key)
local iv = range(0xf0, 0xff)
is("874d6191b620e3261bef6864990db6ce", ctr:encrypt(iv, plain))
assert(iv == range(0xf0, 0xff) and ctr:decrypt(iv, ctr:encrypt(iv, "odd")) == "odd" and ctr:encrypt(iv, "") == "")
local much = ("x"):rep(65536)
assert(ctr:decrypt(iv, ctr:encrypt(iv, much)) == much)
raises("out of bounds", ctr.encrypt, ctr, iv, much .. "x")

-- GCM's specification, test cases 2 and 4
local gcm <close> = aead.new("gcm(aes)")
assert(gcm:ivsize() == 12)
gcm:setkey(("\0"):rep(16))
gcm:setauthsize(16)
assert(gcm:authsize() == 16)
is("0388dace60b6a392f328c2b971b2fe78ab6e47d42cec13bdf53a67b21257bddf", gcm:encrypt(("\0"):rep(12), ("\0"):rep(16)))
gcm:setkey(bytes("feffe9928665731c6d6a8f9467308308"))
local nonce, header = bytes("cafebabefacedbaddecaf888"), bytes("feedfacedeadbeeffeedfacedeadbeefabaddad2")
local text = bytes("d9313225f88406e5a55909c5aff5269a86a7a9531534f7da2e4c303d8a318a721c3c0c95956809532fcf0e2449a6b525"
  .. "b16aedf5aa0de657ba637b39")
local sealed = gcm:encrypt(nonce, text, header)
is("42831ec2217774244b7221b784d0d49ce3aa212f2c02a4e035c17e2329aca12e21d514b25466931c7d8f6a5aac84aa05"
  .. "1ba30b396a0aac973d58e0915bc94fbc3221a5db94fae95ae7121a47", sealed)
assert(gcm:decrypt(nonce, sealed, header) == text)
assert(gcm:decrypt(nonce, gcm:encrypt(nonce, "")) == "")
raises("EBADMSG", gcm.decrypt, gcm, nonce, sealed)
raises("EBADMSG", gcm.decrypt, gcm, nonce, sealed:sub(1, -2) .. "\0", header)
raises("EINVAL", gcm.decrypt, gcm, nonce, "short", header)
raises("EINVAL", gcm.encrypt, gcm, "short", text)
raises("EINVAL", gcm.setauthsize, gcm, 3)
raises("out of range", gcm.setauthsize, gcm, -1)
assert(not pcall(aead.new, "sha256") and not pcall(skcipher.new, "gcm(aes)"))

-- Random bytes: what can be told of them is how many they are, and that they are others each time.
local random <close> = rng.new()
assert(random:algname() == "stdrng")
local info = random:info()
assert(type(info.driver_name) == "string" and math.type(info.seedsize) == "integer")
local seen = {}
for _ = 1, 100 do
  local bytes = random:getbytes(16)
  assert(#bytes == 16 and not seen[bytes])
  seen[bytes] = true
end
assert(#random:getbytes(65536) == 65536 and #random:generate(1, "seed") == 1 and #random:generate(1000) == 1000)
random:reset("seed")
random:reset()
assert(random:getbytes(32) ~= random:getbytes(32))
for _, wrong in ipairs { 0, 65537, 1 << 40 } do raises("out of bounds", random.getbytes, random, wrong) end
raises("out of range", random.getbytes, random, -1)
raises("integer expected", random.generate, random)
raises("expected", random.generate, random, 1, {})
raises("expected", random.reset, random, {})
raises("ENOENT", rng.new, "no-such-generator")
raises("expected", rng.new, {})

-- The one that this kernel has leaves bytes as they are.
local null <close> = comp.new("compress_null")
assert(null:compress("text", 4) == "text" and null:decompress("text", 65536) == "text")
assert(null:compress("", 0) == "" and #null:compress(much, 65536) == 65536)
raises("EINVAL", null.compress, null, "text", 3)
raises("EINVAL", null.decompress, null, "text", 0)
raises("out of bounds", null.compress, null, "text", 65537)
raises("out of bounds", null.compress, null, much .. "x", 1)
raises("integer expected", null.compress, null, "text")
raises("expected", null.decompress, null, {}, 1)
raises("ENOENT", comp.new, "no-such-compression")
assert(not pcall(comp.new, "sha256"))

-- What has no name of an algorithm's is asked for nowhere.
for _, new in ipairs { shash.new, skcipher.new, aead.new, rng.new, comp.new } do
  for _, name in ipairs { "../sha256", "sha256 sha1", "a;b", "\255", ("x"):rep(200) } do raises("ENOENT", new, name) end
  raises("invalid value", new, "sha\x00256")
end

-- closed, and other objects
for object, methods in pairs {
  [shash.new("sha256")] = { "algname", "digestsize", "setkey", "digest", "init", "update", "final", "finup", "export", "import" },
  [skcipher.new("ctr(aes)")] = { "algname", "setkey", "ivsize", "blocksize", "encrypt", "decrypt" },
  [aead.new("gcm(aes)")] = { "algname", "setkey", "setauthsize", "ivsize", "authsize", "encrypt", "decrypt" },
  [rng.new()] = { "algname", "getbytes", "generate", "reset", "info" },
  [comp.new("compress_null")] = { "compress", "decompress" },
} do
  object:close()
  object:__close()
  for _, name in ipairs(methods) do
    raises("invalid or closed object", object[name], object, "16", "16")
    raises("invalid or closed object", object[name], sha == object and ctr or {}, "16", "16")
  end
end
