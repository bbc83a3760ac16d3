# SPDX-License-Identifier: MIT OR GPL-2.0-only
# The example, built against the SDK: its counters are shared by scripts and CPUs, and what is wrong is an error.
insmod_all luaskel
gives 3 "counter = require('skel').new(1) counter:nop() counter:add() return counter:add()"
gives $((1 << 63)) "return require('skel').new(math.maxinteger):add()"
refuses rmmod luaskel
# One object, whoever holds it.
gives 13 "require('lunatik')._ENV.counter = counter return counter:add(10)"
echo "local counter = require('lunatik')._ENV.counter counter:add(100)" > /lib/modules/lua/counts.lua
gives "" "run('counts', 'process') stop('counts')"
gives 113 "return counter:add(0)"
gives "" "counter:close() counter:close()"
fails "$EINVAL" "*skel.add: closed*" "counter:add()"
for call in "require('skel').new('one')" "require('skel').new({})" "counter.add()" "counter.add(7)" "counter.nop('x')" "counter:add('one')"; do
  fails "$EINVAL" "*" "$call"
done
