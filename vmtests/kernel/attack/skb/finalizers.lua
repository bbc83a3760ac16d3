-- SPDX-License-Identifier: MIT OR GPL-2.0-only
-- Finalizers that run while a copy gets room, or a window is made, use the same copy.
-- packets: ran
local netfilter = require("netfilter")

-- Of the 512 KiB, so much is left that a larger copy has to wait for garbage.
collectgarbage()
local room = ("x"):rep((512 << 10) - collectgarbage("count") - 40000)

local function grow(skb)
  local copy, window = skb:copy(), nil
  collectgarbage("stop")
  setmetatable({}, { __gc = function() window = copy:data() end })
  room = nil
  copy:resize(60000)
  collectgarbage("restart")
  assert(window, "no finalizer ran")
  assert(#window == 0, "a window shows where the bytes were")
end

local function show(skb)
  collectgarbage("generational")
  collectgarbage("param", "minormul", 1)
  for _ = 1, 60 do
    local copy, inner = skb:copy(), nil
    setmetatable({}, { __gc = function() copy:resize(#copy + 1000) inner = copy:data() end })
    local window = copy:data()
    assert(#window == #copy, "a window shows where the bytes were")
    assert(inner == nil or inner == window, "two windows for one layer")
  end
  collectgarbage("incremental")
end

netfilter.register { pf = 2, hooknum = 1, priority = 0, hook = function(skb)
  if room then grow(skb) else show(skb) end
  return 1
end }
