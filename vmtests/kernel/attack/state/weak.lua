-- SPDX-License-Identifier: MIT OR GPL-2.0-only
-- process: any
-- softirq: any
-- hook: fails
local t = setmetatable({}, { __mode = "kv" })
while true do
  for i = 1, 200 do local key = {} t[key] = { key } end
  collectgarbage("step")
end
