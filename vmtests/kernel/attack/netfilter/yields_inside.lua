-- SPDX-License-Identifier: MIT OR GPL-2.0-only
-- hook: ran
local skb = ...
local co = coroutine.create(function() for i = 1, 5 do coroutine.yield(#skb:data()) end return 1 end)
local ran, result
repeat ran, result = coroutine.resume(co) until coroutine.status(co) == "dead"
return result
