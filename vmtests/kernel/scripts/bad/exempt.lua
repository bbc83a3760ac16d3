-- SPDX-License-Identifier: MIT OR GPL-2.0-only
-- Functions without a row, and why.
return {
  ["lunatik.runner shutdown"] = "stops the tables that would try it: 88-contexts calls it",
  ["bpf.map string"] = "makes what the library turns values into bytes with: no script reaches it",
  ["bpf.map table"] = "as bpf.map string",
  ["bpf.map encode"] = "as bpf.map string",
  ["bpf.map decode"] = "as bpf.map string",
  ["netlink.rt.object tablemax"] = "is for the library's own classes, which the rows of their other functions try",
  ["netlink.rt.object headertable"] = "as netlink.rt.object tablemax",
  ["netlink.rt.object attrtable"] = "as netlink.rt.object tablemax",
  ["netlink.rt.link header"] = "is called by `list`",
  ["netlink.rt.link decode"] = "is called by `list`, with what the kernel says",
  ["netlink.rt.addr header"] = "as netlink.rt.link header",
  ["netlink.rt.addr decode"] = "as netlink.rt.link decode",
  ["netlink.rt.route header"] = "as netlink.rt.link header",
  ["netlink.rt.route decode"] = "as netlink.rt.link decode",
  ["netlink.rt.rule header"] = "as netlink.rt.link header",
  ["netlink.rt.rule decode"] = "as netlink.rt.link decode",
  ["netlink.nl80211.object command"] = "is called by the classes, of which there are no objects without a radio",
  ["netlink.nl80211.interface decode"] = "as netlink.rt.link decode",
  ["netlink.nl80211.station decode"] = "as netlink.rt.link decode",
}
