# SPDX-License-Identifier: MIT OR GPL-2.0-only
# Lists that are damaged, and sets for which there is no memory: an error says which and why, and what
# was there before stays.
insmod_all luadata luaset lualpm
. /loads.sh

cat > $scripts/answers.lua <<'END'
local set, lpm = require("set"), require("lpm")
local names, nets = set.load("lists/thousand.list"), lpm.load("lists/networks.list")
print("bytes: " .. names:memory() + nets:memory())
return function()
  while true do coroutine.yield(names:match("www.n1.ads.test"), nets:match(lpm.address("198.51.100.1"))) end
end
END
gives "" "run('answers')"
bytes=$(log | sed -n 's/.*lunatik: answers: bytes: //p')
answers() { gives "1	2" "return require('lunatik')._ENV.runtimes.answers:resume()"; }
answers

bad=$scripts/lists/bad.list
# refused PATTERN [CONTEXT]: what is in bad.list is
refused() {
  loads_as $load lists/bad.list
  fails "$EINVAL" "*$load: lists/bad.list: $1*" "run('loads', '${2:-process}')"
}
again() { cp $scripts/lists/$good.list $bad; }
poke() { printf "$2" | dd of=$bad bs=1 seek="$1" conv=notrunc 2> /dev/null; }
# flip OFFSET: one bit there
flip() { poke $1 "$(printf '\\%03o' $(($(od -An -tu1 -j$1 -N1 $bad) ^ 16)))"; }

for kind in "set.load thousand" "lpm.load networks"; do
  load=${kind% *} good=${kind#* }
  size=$(stat -c %s $scripts/lists/$good.list)
  # A bit in each section: header, labels, tables, names or prefixes, checksum.
  for part in $(seq 0 15); do
    again; flip $((32 + part * (size - 33) / 15)); refused "damaged, its checksum is wrong: copy it again"
  done
  again; poke 8 '\002'; refused "a list file of version 2, not 1: compile it again with this release"
  again; poke 0 x; refused "no list file: make one with 'lunagate list compile'"
  again; poke 10 '\007'; refused "damaged: its kind is unknown: compile it again"
  again; poke 19 '\177'; refused "longer than 64 MiB: compile a shorter list"
  for length in 9 63 64 71 $((size / 2)) $((size - 1)); do
    again; truncate -s $length $bad; refused "not as long as it says: copy it again"
  done
  again; echo >> $bad; refused "not as long as it says: copy it again"
  echo ads.example > $bad; refused "no list file" softirq
  : > $bad; refused "no list file" hardirq
  answers
  loads_as $load lists/missing.list; fails "$EINVAL" "*$load: lists/missing.list: there is no such file*" "run('loads')"
  loads_as $load lists; fails "$EINVAL" "*$load: lists: not a regular file*" "run('loads')"
  for path in /etc/passwd ../lua/x lists/../x "" /proc/version "a b" /lib/modules/luax /data; do
    loads_as $load "$path"
    fails "$EINVAL" "*$load: '$path' is no path below /lib/modules/lua or /data*" "run('loads')"
  done
done
load=set.load; cp $scripts/lists/networks.list $bad; refused "a list of addresses, which lpm.load reads"
load=lpm.load; cp $scripts/lists/thousand.list $bad; refused "a list of domains, which set.load reads"
mkdir -p /data
cp $scripts/lists/thousand.list /data/
loads /data/thousand.list; gives "" "run('loads')"; gives "" "stop('loads')"

# Nothing of those that were refused counts: there is room for one more, to the byte.
cp $scripts/lists/thousand.list $bad
loads lists/bad.list
bound $((bytes + $(pages thousand)))
gives "" "run('loads')"; gives "" "stop('loads')"
bound $((bytes + $(pages thousand) - 1))
fails "$EINVAL" "*set.load: lists/bad.list: not enough memory for * bytes: luaset's parameter 'memory' bounds all sets*" "run('loads')"
answers
bound $before

# Where the kernel has too little memory, nothing happens but an error.
bound 1000000000
available=$(awk '/MemAvailable/ { print int($2 / 1024) }' /proc/meminfo)
mkdir -p /tmp/full
mount -t tmpfs -o size=100% full /tmp/full
at_exit 'umount /tmp/full'
dd if=/dev/zero of=/tmp/full/file bs=1M count=$((available - 40)) 2> /dev/null
for kind in "set.load 1" "lpm.load 2"; do
  load=${kind% *}
  printf "lunalist\001\000\00${kind#* }\000\000\000\000\000\000\000\000\004" > $bad
  truncate -s 64M $bad
  for context in process softirq; do refused "not enough memory for 67108864 bytes: the kernel has none" $context; done
done
answers
rm /tmp/full/file $bad
bound $before

# A state whose memory a table does not fit goes on with the sets that it has; lists are not in it.
cat > $scripts/poor.lua <<'END'
local set, lpm = require("set"), require("lpm")
local kept = set.labeled { ["ads.test"] = 1 }
for _, make in ipairs { set.new, set.labeled, lpm.new } do
  local ok, problem = pcall(function()
    local all = {}
    for i = 1, 100000 do all["n" .. i .. ".test"] = 1 end
    return make(all)
  end)
  assert(not ok and problem:find("not enough memory", 1, true), problem)
end
assert(kept:match("www.ads.test") == 1 and #set.load("lists/million.list") == 1000000)
END
for context in process softirq; do
  gives "" "run('poor', '$context', { memory = 200000, load_fuel = 100000000 })"
  gives "" "stop('poor')"
done

gives "" "stop('answers')"
rmmod_all luadata luaset lualpm
