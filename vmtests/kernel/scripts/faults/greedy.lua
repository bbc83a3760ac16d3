-- SPDX-License-Identifier: MIT OR GPL-2.0-only
-- Takes memory for some bytes in all ways that are the same in every hook.
local data, rcu, fifo, completion = require("data"), require("rcu"), require("fifo"), require("completion")
local shared = rcu.table(16)
local count = 0

return function(bytes)
  count = count + 1
  local made = data.new(300)
  made:setstring(0, bytes)
  made:resize(3000)
  local queue = fifo.new(512)
  queue:push(bytes)
  if queue:pop(512) ~= bytes then error("other bytes") end
  completion.new():complete()
  shared[count % 16] = bytes
  shared.table = rcu.table(4)
  shared.table = nil
  local words = {}
  for i = 1, 10 do words[i] = { ("%d"):format(i) .. count } end
  local text = ("x"):rep(5000) .. words[10][1]
  local other = coroutine.wrap(function(...) return ... end)
  if #other(text) <= 5000 then error("another text") end
end
