-- SPDX-License-Identifier: MIT OR GPL-2.0-only
-- Runtimes in runtimes in runtimes: the kernel's stack is one.
local lunatik = require("lunatik")
local function down(n)
  if n > 0 then return (("x"):gsub(".", function() return down(n - 1) end)) end
  local ok, message = pcall(lunatik.runtime, "rt/deep")
  if ok then message:stop() else lunatik._ENV.deep = message end
end
down(3)
