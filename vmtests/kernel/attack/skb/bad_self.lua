-- SPDX-License-Identifier: MIT OR GPL-2.0-only
-- hook: any
local skb = ...
for _, self in ipairs { 1, "x", {}, print, require("data").new(100), skb:data() } do
  for _, name in ipairs { "data", "copy", "resize", "checksum", "forward", "ports", "flow", "decide", "connmark", "ifindex" } do
    assert(not pcall(skb[name], self), name)
  end
end
return 1
