-- SPDX-License-Identifier: MIT OR GPL-2.0-only
-- What `darken` and `lighten` promise.
local darken, lighten, util = require("darken"), require("lighten"), require("util")

local function raises(pattern, f, ...)
  local ok, message = pcall(f, ...)
  assert(not ok and tostring(message):find(pattern, 1, true), ("expected '%s', got %s"):format(pattern, tostring(message)))
end

local key, iv = ("k"):rep(32), ("i"):rep(16)
local ctr <close> = require("crypto.skcipher").new("ctr(aes)")
ctr:setkey(key)
local function dark(text) return ctr:encrypt(iv, text) end
local function run(text) return darken.run(dark(text), iv, key) end

-- NIST SP 800-38A, F.5.5: the text begins with "k\xc1", which is no chunk.
raises("darken:1: syntax error near '<\\193>'", darken.run, util.hex2bin("601ec313775789a5b7a7f504bbf3d228"), util.hex2bin("f0f1f2f3f4f5f6f7f8f9fafbfcfdfeff"),
  util.hex2bin("603deb1015ca71be2b73aef0857d77811f352c073b6108d72d9810a30914dff4"))

assert(select("#", run("")) == 0)
local one, two, three = run("return 1, nil, ...")
assert(one == 1 and two == nil and three == nil)
run("ran = (ran or 0) + 1")
assert(ran == 1)
-- its own errors
raises("darken:2:", run, "\nerror('mine')")
raises("darken:1:", run, "not lua")
raises("attempt to load a binary chunk", run, "\27Lua")
-- the wrong key, the wrong vector
assert(not pcall(darken.run, dark("return 1"), iv, ("K"):rep(32)) and not pcall(darken.run, dark("return 1"), ("I"):rep(16), key))
for _, wrong in ipairs { "", key .. "k", key:sub(2), key:sub(17) } do
  raises("key must be 32 bytes", darken.run, dark("return 1"), iv, wrong)
end
for _, wrong in ipairs { "", iv .. "i", iv:sub(2) } do raises("IV must be 16 bytes", darken.run, dark("return 1"), wrong, key) end
raises("out of bounds", darken.run, ("x"):rep((1 << 18) + 1), iv, key)
raises("string expected", darken.run)
raises("string expected", darken.run, "x", {}, key)
raises("string expected", darken.run, "x", iv, 1)

-- with the key that `light` has
local hex = util.bin2hex
assert(lighten.run(hex(dark("return 'lit'")), hex(iv)) == "lit")
raises("hex2bin", lighten.run, "no digits", hex(iv))
