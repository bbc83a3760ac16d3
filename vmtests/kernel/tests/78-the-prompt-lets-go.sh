# SPDX-License-Identifier: MIT OR GPL-2.0-only
# What a chunk required keeps its module until a shutdown, and not longer.
for module in luarcu luadata luaskb luanetfilter lualinux luabyteorder; do insmod /modules/$module.ko; done
gives "" "x = require('byteorder') require('rcu') require('linux') require('data') require('skb') require('netfilter')
  require('lunatik')._ENV.table = require('rcu').table()"
refuses rmmod luabyteorder
gives "" "shutdown()"
for module in luanetfilter luaskb luadata luabyteorder lualinux luarcu; do rmmod $module || die "cannot unload $module"; done
gives nil "return x"
rmmod lunatik || die "cannot unload lunatik"
insmod /modules/lunatik.ko process_fuel=20000000
