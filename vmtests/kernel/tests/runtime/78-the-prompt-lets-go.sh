# SPDX-License-Identifier: MIT OR GPL-2.0-only
# What a chunk required keeps its module until a shutdown, and not longer.
insmod_all luarcu luadata luaskb luanetfilter lualinux luabyteorder
gives "" "x = require('byteorder') require('rcu') require('linux') require('data') require('skb') require('netfilter')
  require('lunatik')._ENV.table = require('rcu').table()"
refuses rmmod luabyteorder
gives "" "shutdown()"
rmmod_all luarcu lualinux luabyteorder luadata luaskb luanetfilter
gives nil "return x"
rmmod lunatik || die "cannot unload lunatik"
insmod /modules/lunatik.ko process_fuel=20000000
