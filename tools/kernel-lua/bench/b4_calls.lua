-- SPDX-License-Identifier: MIT OR GPL-2.0-only
-- rule chain: closures, while loop, checksum loop, method calls
local Rule = {}; Rule.__index = Rule
function Rule.new(lo, hi, act) return setmetatable({ lo = lo, hi = hi, act = act }, Rule) end
function Rule:test(port) return port >= self.lo and port <= self.hi end
local rules = {}
for i = 1, 16 do rules[i] = Rule.new(i * 1000, i * 1000 + 499, i & 1) end
local function csum(t)
  local s = 0
  for i = 1, #t do s = s + t[i]; if s > 0xffff then s = (s & 0xffff) + 1 end end
  return s
end
local words = {}; for i = 1, 20 do words[i] = (i * 7919) & 0xffff end
local acc = 0
for i = 1, N or 10000 do
  local port = (i * 37) % 17000
  local j = 1
  while j <= #rules do
    if rules[j]:test(port) then acc = acc + rules[j].act break end
    j = j + 1
  end
  acc = (acc + csum(words)) & 0xffffff
end
print(acc)
