-- SPDX-License-Identifier: MIT OR GPL-2.0-only
-- What is bound to a state is not shared.
-- hook: ran
local skb = ...
local env = require("lunatik")._ENV
for _, value in ipairs { skb, skb:data(), skb:copy(), function() end, coroutine.create(print), {} } do
  assert(not pcall(function() env.stolen = value end))
end
assert(env.stolen == nil)
return 1
