-- SPDX-License-Identifier: MIT OR GPL-2.0-only
local rows, crypto = require("bad.rows"), require("crypto")
for _, name in ipairs { "shash", "skcipher", "aead", "rng", "comp" } do
  rows.library("crypto_" .. name, { { "new", name == "rng" and "string?" or "string" } }, crypto[name])
end
rows.class("crypto_shash", function() return crypto.shash.new("sha256") end, {
  { "algname" }, { "digestsize" }, { "blocksize" }, { "setkey", "bytes" }, { "digest", "bytes" }, { "init" },
  { "update", "bytes" }, { "final" }, { "finup", "bytes" }, { "export" }, { "import", "string" }, { "close" },
}, "close")
local function cipher(list) return { { "algname" }, { "setkey", "bytes" }, { "ivsize" }, { "close" }, table.unpack(list) } end
rows.class("crypto_skcipher", function() return crypto.skcipher.new("ctr(aes)") end,
  cipher { { "blocksize" }, { "encrypt", "bytes", "bytes" }, { "decrypt", "bytes", "bytes" } }, "close")
rows.class("crypto_aead", function() return crypto.aead.new("gcm(aes)") end, cipher {
  { "setauthsize", "integer" }, { "authsize" }, { "encrypt", "bytes", "bytes", "bytes?" }, { "decrypt", "bytes", "bytes", "bytes?" },
}, "close")
rows.class("crypto_rng", function() return crypto.rng.new() end, {
  { "algname" }, { "generate", "integer", "bytes?", good = { 1 } }, { "reset", "bytes?" }, { "getbytes", "integer", good = { 1 } }, { "info" }, { "close" },
}, "close")
rows.class("crypto_comp", function() return crypto.comp.new("compress_null") end, {
  { "compress", "bytes", "integer", good = { "x", 1 } }, { "decompress", "bytes", "integer", good = { "x", 1 } }, { "close" },
}, "close")
local hkdf = require("crypto.hkdf")
rows.library("crypto.hkdf", { any = true, { "new", "text" } })
rows.class("crypto.hkdf", function() return hkdf.new("sha256") end, {
  any = true, { "hmac", "text", "text" }, { "extract", "text?", "text" }, { "expand", "text", "text?", "integer", good = { "x", "x", 1 } },
  { "hkdf", "text?", "text", "text?", "integer", good = { "x", "x", "x", 1 } }, { "close" },
}, "close")
