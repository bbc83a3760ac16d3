-- SPDX-License-Identifier: MIT OR GPL-2.0-only
-- Numbers that are fixed for ever.
assert(require("linux.nf.action").DROP == 0)
assert(require("linux.eth").IP == 0x800)
assert(require("linux.nf.ip.pri").FIRST == -2147483648)
assert(require("linux.nf.ip6.pri").FILTER == 0 and require("linux.nf").ip6.pri.LAST == 2147483647)
assert(require("linux.netlink").ALIGNTO == 4)
assert(require("linux.netlink.flag").REQUEST == 1)
local header = require("linux.netlink.layout").nlmsghdr
assert(header.size == 16 and header.fields[2].name == "nlmsg_type" and header.fields[2].offset == 4)
-- A module has those below it as fields.
local nf = require("linux.nf")
assert(nf.action == require("linux.nf.action") and nf.ip.pri.FIRST == -2147483648 and nf.br.pri ~= nil and nf.br.FORWARD == 2)
assert(require("linux.netlink").layout.nlmsghdr == header)
