# SPDX-License-Identifier: MIT OR GPL-2.0-only
for module in luadata luaset lualpm; do insmod /modules/$module.ko; done
for script in sets prefixes; do
  for context in process softirq hardirq; do
    gives "" "run('$script', '$context', { fuel = 1000000, memory = 2 << 20 })"
    refuses rmmod luaset
    gives "" "stop('$script')"
  done
done

# loads FILE: a script that holds it; loads_as FUNCTION FILE
scripts=/lib/modules/lua
loads_as() { echo "local list = require('${1%.*}').${1#*.}('$2') assert(#list > 0)" > $scripts/loads.lua; }
loads() { loads_as set.load "$1"; }
held() { cat /sys/module/luaset/parameters/memory; }
bound() { echo "$1" > /sys/module/luaset/parameters/memory; }
before=$(held)

# Loaded twice by each state, and by two scripts, it is there once: twice would not fit.
size=$(stat -c %s $scripts/lists/thousand.list)
bound $(((size + 4095) / 4096 * 4096))
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

# bad PATTERN: what is in bad.list is refused
bad() {
  loads lists/bad.list
  for context in process softirq; do fails "$EINVAL" "*set.load: lists/bad.list: $1*" "run('loads', '$context')"; done
}
poke() { printf "$2" | dd of=$scripts/lists/bad.list bs=1 seek="$1" conv=notrunc 2> /dev/null; }
again() { cp $scripts/lists/thousand.list $scripts/lists/bad.list; }
again; poke 5000 X; bad "damaged, its checksum is wrong"
again; poke $((size - 1)) X; bad "damaged, its checksum is wrong"
again; poke 8 '\002'; bad "a list file of version 2, not 1"
again; poke 0 x; bad "no list file"
again; poke 10 '\007'; bad "damaged: its kind is unknown"
again; poke 19 '\177'; bad "longer than 64 MiB"
again; truncate -s 5000 $scripts/lists/bad.list; bad "not as long as it says"
again; echo >> $scripts/lists/bad.list; bad "not as long as it says"
echo ads.example > $scripts/lists/bad.list; bad "no list file"
: > $scripts/lists/bad.list; bad "no list file"
cp $scripts/lists/addresses.list $scripts/lists/bad.list; bad "a list of addresses, which lpm.load reads"
loads_as lpm.load lists/thousand.list
fails "$EINVAL" "*a list of domains, which set.load reads*" "run('loads')"
loads lists/missing.list; fails "$EINVAL" "*lists/missing.list: there is no such file*" "run('loads')"
loads lists; fails "$EINVAL" "*lists: not a regular file*" "run('loads')"
for path in /etc/passwd ../lua/x lists/../x "" /proc/version "a b" /lib/modules/luax /data; do
  loads "$path"; fails "$EINVAL" "*set.load: '$path' is no path below /lib/modules/lua or /data*" "run('loads')"
done
mkdir -p /data
cp $scripts/lists/thousand.list /data/
loads /data/thousand.list; gives "" "run('loads')"; gives "" "stop('loads')"

# What a script may spend bounds what it may load, and where packets flow nothing is loaded.
loads lists/million.list
fails "$ETIME" "*out of fuel*" "run('loads', 'softirq', { load_fuel = 10000 })"
cat > $scripts/later.lua <<'END'
local set = require("set")
require("netfilter").register { pf = 2, hooknum = 3, priority = 0, hook = function()
  return select(2, pcall(set.load, "lists/thousand.list")):find("may sleep", 1, true) and 1 or 0
end }
END
for module in luaskb luanetfilter; do insmod /modules/$module.ko; done
ip link set lo up
gives "" "run('later', 'softirq', { fail = 'drop' })"
ping -c 1 -W 5 127.0.0.1 > /tmp/ping || die "a hook could load a list"
gives "" "stop('later')"

# Where the kernel has too little memory, nothing happens but an error.
bound 1000000000
printf 'lunalist\001\000\001\000\000\000\000\000\000\000\000\004' > $scripts/lists/bad.list
truncate -s 64M $scripts/lists/bad.list
available=$(awk '/MemAvailable/ { print int($2 / 1024) }' /proc/meminfo)
mkdir -p /tmp/full
mount -t tmpfs -o size=100% full /tmp/full
at_exit 'umount /tmp/full'
dd if=/dev/zero of=/tmp/full/file bs=1M count=$((available - 48)) 2> /dev/null
bad "not enough memory for 67108864 bytes: the kernel has none"
rm /tmp/full/file $scripts/lists/bad.list
bound $before

for module in luanetfilter luaskb lualpm luaset luadata; do rmmod $module || die "cannot unload $module"; done
