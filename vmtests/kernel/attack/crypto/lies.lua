-- SPDX-License-Identifier: MIT OR GPL-2.0-only
-- process: ran
local shash = require("crypto.shash")
local sha = shash.new("sha256")
sha:init()
local state = sha:export()
for at = 1, #state do
  local lie = state:sub(1, at - 1) .. string.char(~state:byte(at) & 255) .. state:sub(at + 1)
  assert(not pcall(sha.import, sha, lie))
end
