-- SPDX-License-Identifier: MIT OR GPL-2.0-only
-- Judges forwarded packets by the port that their flow goes to, and says when it is asked.
local netfilter = require("netfilter")
local action = require("linux.nf.action")
local inet = require("linux.nf.inet")
local direction = require("linux.nf.ct.dir")
local info = require("linux.nf.ct.info")

-- What tests set before the copies that they run.
local NAME, POINT, PRIORITY = NAME, POINT or inet.FORWARD, PRIORITY or 0
local OFFSET = OFFSET or 0 -- to the ports below
-- Of the flow's mark, the byte that counts the packets that were asked about.
local UNIT = UNIT or 1

local function count(flow)
  local before = flow:mark()
  if flow:mark(before + UNIT) ~= before or flow:mark() ~= before + UNIT then
    error("the mark is not what was set")
  end
  return (before // UNIT & 255) + 1
end

local function ask(skb)
  local flow = skb:flow()
  if not flow then
    print(NAME .. " asked without a flow")
    return action.ACCEPT
  end
  local _, _, _, _, port = flow:tuple(direction.ORIGINAL)
  local state = flow:state()
  if state == info.RELATED or state == info.RELATED_REPLY then
    print(NAME .. " asked about an error " .. port)
    return skb:decide(action.DROP) -- which is only about the flow
  end
  local n = count(flow)
  print(NAME .. " asked " .. port)
  port = port + OFFSET

  if port == 1001 or port == 2001 then return skb:decide(action.ACCEPT) end
  if port == 1002 then return n == 2 and skb:decide(action.DROP) or action.ACCEPT end
  if port == 1003 then return action.ACCEPT end
  if port == 1004 then skb:decide(action.DROP) error("on purpose") end
  if port == 1005 then return skb:decide(action.DROP) end
  if port == 1006 then -- nothing in here decides
    local refused = not pcall(skb.decide, skb, 3) and not pcall(skb.decide, skb, -1)
      and not pcall(skb.decide, skb, "accept") and not pcall(skb.decide, skb)
      and not pcall(skb.decide, skb:copy(), action.DROP)
    local _, problem = pcall(skb.decide, skb, 3)
    print(NAME .. " refused " .. tostring(refused) .. ": " .. tostring(problem))
    return action.ACCEPT
  end
  if port == 1007 then -- the last word counts, and it need not be this packet's verdict
    if n == 1 then return action.ACCEPT end
    skb:decide(action.DROP)
    skb:decide(action.ACCEPT)
    return action.DROP
  end
  return action.ACCEPT
end

netfilter.register { hook = ask, pf = 1, hooknum = POINT, priority = PRIORITY, track = true }
