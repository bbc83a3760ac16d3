-- SPDX-License-Identifier: MIT OR GPL-2.0-only
-- At every point where frames pass: of a bridge and of devices, and where IP comes in from a device; of ARP where the kernel
-- has hooks for it.
local register, judge, proto = require("netfilter").register, require("storm.judge"), require("linux.nf.proto")
local device, arp, br = require("linux.nf.netdev"), require("linux.nf.arp"), require("linux.nf.br")
local INET_INGRESS <const> = 5

for point = br.PRE_ROUTING, br.POST_ROUTING do register { pf = proto.BRIDGE, hooknum = point, priority = 0, hook = judge.hook } end
for _, point in ipairs { arp.IN, arp.OUT } do pcall(register, { pf = proto.ARP, hooknum = point, priority = 0, hook = judge.hook }) end
for _, name in ipairs { "left", "other" } do
  for _, point in ipairs { device.INGRESS, device.EGRESS } do
    register { pf = proto.NETDEV, hooknum = point, dev = name, priority = 0, hook = judge.hook }
  end
end
register { pf = proto.INET, hooknum = INET_INGRESS, dev = "left", priority = 0, hook = judge.hook }
