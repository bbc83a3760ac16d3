# SPDX-License-Identifier: MIT OR GPL-2.0-only
# rcu tables: the body of the script checks, in each context.
insmod_all luarcu
for context in process softirq hardirq; do
  gives "" "run('rcu_table', '$context', { load_fuel = 100000000, memory = 4 << 20 })"
  gives "" "stop('rcu_table')"
done

# limits are parameters, and errors
entries=/sys/module/lunatik/parameters/table_entries memory=/sys/module/lunatik/parameters/table_memory
shared=/sys/module/lunatik/parameters/shared_memory
echo 100 > $entries
fails "$EINVAL" "*rcu table is full: 100 entries*" "t = require('rcu').table() for i = 1, 101 do t[i] = i end"
gives "100 nil" "local n = 0 require('rcu').map(t, function() n = n + 1 end) return n .. ' ' .. tostring(t[101])"
gives 7 "t[100] = 7 return t[100]" # what is there changes
echo 65536 > $entries
echo 100000 > $memory
fails "$EINVAL" "*shared memory is used up: a table may hold 100000 bytes*" \
  "t = require('rcu').table() for i = 1, 1000 do t[i] = ('x'):rep(1000) end"
gives true "local n = 0 require('rcu').map(t, function() n = n + 1 end) return n > 50 and n < 100"
# what was replaced counts until readers are done with it, and then no more
gives 1000 "for i = 1, 10 do t[i] = nil end for i = 1, 1000 do t.one = ('y'):rep(1000) end return #t.one"
echo 8388608 > $memory
echo 300000 > $shared
fails "$EINVAL" "*all tables 300000*" "a, b = require('rcu').table(), require('rcu').table()
  for i = 1, 1000 do a[i] = ('x'):rep(500) b[i] = ('x'):rep(500) end"
gives "" "a, b, t = nil"
gives true "return pcall(function() for i = 1, 300 do require('rcu').table() end end)" # garbage makes room
echo 33554432 > $shared

# whoever has no memory left for a copy of a value gets an error, and the value stays
gives false "big = require('rcu').table() big.x = ('x'):rep(60000) return (pcall(function()
  local all = {} while true do all[#all + 1] = big.x .. #all end end))"
gives 60000 "collectgarbage() return #big.x"
gives "" "shutdown()"
rmmod_all luarcu
