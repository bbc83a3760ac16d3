# SPDX-License-Identifier: MIT OR GPL-2.0-only
insmod_all luadata luaset lualpm
for script in sets prefixes; do
  for context in process softirq hardirq; do
    gives "" "run('$script', '$context', { fuel = 1000000, memory = 2 << 20 })"
    refuses rmmod luaset
    gives "" "stop('$script')"
  done
done

. /loads.sh
# Loaded twice by each state, and by two scripts, it is there once: twice would not fit.
bound $(pages thousand)
cat > $scripts/twice.lua <<'END'
local set = require("set")
local one, other = set.load("lists/thousand.list"), set.load("/lib/modules/lua/lists/thousand.list")
assert(one:memory() == other:memory() and one:match("n1.ads.test") == 1)
END
cp $scripts/twice.lua $scripts/thrice.lua
gives "" "run('twice', 'softirq') run('thrice')"
echo "require('set').new { 'a' }" > $scripts/one_more.lua
fails "$EINVAL" "*set.new: not enough memory*luaset's parameter 'memory'*" "run('one_more')"
cp $scripts/lists/thousand.list $scripts/lists/copy.list
loads lists/copy.list
fails "$EINVAL" "*set.load: lists/copy.list: not enough memory*luaset's parameter 'memory'*" "run('loads')"
gives "" "stop('twice') stop('thrice')"
gives "" "run('loads', 'softirq')"

# What has changed is another list, also while the old one is held.
bound $before
cp $scripts/lists/empty.list $scripts/lists/copy.list
cp $scripts/loads.lua $scripts/loads_now.lua
fails "$EINVAL" "*assertion failed*" "run('loads_now')"
gives "" "stop('loads')"

# What a body makes of a table is one for all CPUs, too: as much again would not fit.
for made in "set.new { 'a', 'b' }" "set.labeled { a = 1, b = 2 }" "lpm.new { '10.0.0.0/8', '192.0.2.1' }"; do
  echo "made = require('${made%%.*}').${made#*.} assert(#made == 2) print('bytes: ' .. made:memory())" > $scripts/made.lua
  dmesg -c > /dev/null
  gives "" "run('made', 'softirq')"
  bytes=$(log | sed -n 's/.*made: bytes: //p')
  gives "" "stop('made')"
  bound $((2 * bytes - 1))
  gives "" "run('made', 'softirq')"
  cp $scripts/made.lua $scripts/made_again.lua
  fails "$EINVAL" "*not enough memory for * bytes: luaset's parameter 'memory' bounds all sets*" "run('made_again', 'softirq')"
  gives "" "stop('made')"
  bound $before
done

# A script that hoards what it makes leaves others theirs.
cat > $scripts/hoards.lua << 'END'
local set, names, hoard = require("set"), {}, {}
for i = 1, 1000 do names[i] = "name" .. i end
local ok, why
repeat ok, why = pcall(function() hoard[#hoard + 1] = set.new(names) end) until not ok
assert(why:find("bounded as its memory is", 1, true), why)
assert(#hoard > 2)
END
gives "" "run('hoards')"
loads lists/million.list
gives "" "run('loads', 'softirq')"
gives "" "stop('loads') stop('hoards')"

# What a script may spend bounds what it may load, and where packets flow nothing is loaded.
loads lists/million.list
fails "$ETIME" "*out of fuel*" "run('loads', 'softirq', { load_fuel = 10000 })"
cat > $scripts/later.lua <<'END'
local set = require("set")
require("netfilter").register { pf = 2, hooknum = 3, priority = 0, hook = function()
  return select(2, pcall(set.load, "lists/thousand.list")):find("may sleep", 1, true) and 1 or 0
end }
END
insmod_all luaskb luanetfilter
ip link set lo up
gives "" "run('later', 'softirq', { fail = 'drop' })"
ping -c 1 -W 5 127.0.0.1 > /tmp/ping || die "a hook could load a list"
gives "" "stop('later')"

rmmod_all luadata luaset lualpm luaskb luanetfilter
