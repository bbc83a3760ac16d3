-- SPDX-License-Identifier: MIT OR GPL-2.0-only
-- Registers hooks, with sets that they look names up in.
local netfilter, set, lpm = require("netfilter"), require("set"), require("lpm")
local packet, byteorder = require("packet"), require("byteorder")
local inet, action = require("linux.nf.inet"), require("linux.nf.action")

local names, labels = set.new { "a", "b" }, set.labeled { a = 1, b = 2 }
local loaded, prefixes = set.load("lists/thousand.list"), lpm.new { "10.0.0.0/8" }
for point = inet.PRE_ROUTING, inet.LOCAL_OUT do
  netfilter.register { pf = 1, hooknum = point, track = point == inet.FORWARD, hook = function(skb)
    return names:has("a") and labels:match("a") + loaded:match("n1.ads.test") > 1 and #prefixes == 1
      and packet and byteorder and action.ACCEPT or action.DROP
  end }
end
