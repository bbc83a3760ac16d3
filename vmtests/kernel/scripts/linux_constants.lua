-- SPDX-License-Identifier: MIT OR GPL-2.0-only
-- Numbers that are fixed for ever.
assert(require("linux.nf.action").DROP == 0)
assert(require("linux.eth").IP == 0x800)
assert(require("linux.nf.ip.pri").FIRST == -2147483648)
assert(require("linux.netlink").ALIGNTO == 4)
assert(require("linux.netlink.flag").REQUEST == 1)
local header = require("linux.netlink.layout").nlmsghdr
assert(header.size == 16 and header[2].name == "nlmsg_type" and header[2].offset == 4)
