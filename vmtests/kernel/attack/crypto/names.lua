-- SPDX-License-Identifier: MIT OR GPL-2.0-only
-- process: out of fuel
local crypto = require("crypto")
local names = { "", "\255", ("("):rep(100), ("hmac("):rep(20), "hmac(hmac(sha256))", "gcm(gcm(aes))", "ctr(ctr(aes))", ("x"):rep(128) }
while true do
  for _, name in ipairs(names) do
    for _, kind in pairs(crypto) do pcall(kind.new, name) end
  end
end
