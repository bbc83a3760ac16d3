-- SPDX-License-Identifier: MIT OR GPL-2.0-only
require("netfilter").register { pf = 2, hooknum = 99, hook = function() end }
