-- SPDX-License-Identifier: MIT OR GPL-2.0-only
-- Counts until it shall stop, and spends fuel meanwhile; then says farewell.
local env, linux, thread = require("lunatik")._ENV, require("linux"), require("thread")
return function()
  env.ticks, env.farewell = 0, nil
  while not thread.shouldstop() do
    for _ = 1, 5000 do end
    env.ticks = env.ticks + 1
    linux.schedule(1)
  end
  env.farewell = env.ticks
end
