# SPDX-License-Identifier: MIT OR GPL-2.0-only
mount -t bpf bpf /sys/fs/bpf
insmod_all luabpf lualinux luadata luaskb luanetfilter
ip link set lo up
pins=/sys/fs/bpf
maps create $pins/hash 1 4 8 16
maps create $pins/unreserved 1 4 8 16 1 # BPF_F_NO_PREALLOC
maps create $pins/array 2 4 8 16
maps create $pins/lru_hash 9 4 8 16
maps create $pins/queue 22 0 8 16
maps create $pins/stack 23 0 8 16
maps create $pins/large 1 4 10000 2
maps create $pins/cpus 1 4 8 16
maps create $pins/percpu 5 4 8 16
maps create $pins/readonly 1 4 8 16 128 # BPF_F_RDONLY_PROG
maps create $pins/huge 1 4 4 65537
maps locked $pins/locked
maps program $pins/program
maps link $pins/link "$(cat /sys/class/net/lo/ifindex)"
maps create $pins/frozen 2 4 8 1
maps zero $pins/frozen constant
maps freeze $pins/frozen

for script in bpf bpf_map; do
  for context in process softirq hardirq; do
    gives "" "run('$script', '$context')"
    refuses rmmod luabpf
    gives "" "stop('$script')"
  done
done

# A map of which a script holds a writable reference cannot be frozen under it.
echo "local m = require('bpf').hash('$pins/cpus'); KEPT = m" > /lib/modules/lua/bpf_holder.lua
gives "" "run('bpf_holder')"
refuses maps freeze $pins/cpus
gives "" "stop('bpf_holder')"

# Looking for keys in a large map may take long: not where nothing else runs.
echo "local m = require('bpf').hash('$pins/huge'); assert(m:next() == nil)" > /lib/modules/lua/bpf_walks.lua
gives "" "run('bpf_walks')"
gives "" "stop('bpf_walks')"
cat > /lib/modules/lua/bpf_walks_in_hook.lua << 'END'
local m = require("bpf").hash("/sys/fs/bpf/huge")
require("netfilter").register { pf = 2, hooknum = 1, priority = 0, hook = function()
  local ok, problem = pcall(m.next, m)
  return not ok and problem:find("65537 entries are too many to walk here", 1, true) and 1 or 0
end }
END
gives "" "run('bpf_walks_in_hook', 'softirq')"
ping -c 1 -W 5 127.0.0.1 > /tmp/ping 2>&1 || die "next walks any map in a hook"
gives "" "stop('bpf_walks_in_hook')"

# Both CPUs' hooks, and user space, share maps.
gives "" "run('bpf_in_hooks', 'softirq')"
taskset 1 ping -c 3 -W 5 127.0.0.1 > /tmp/ping 2>&1 || die "a hook found a map wrong: $(cat /tmp/ping)"
taskset 2 ping -c 2 -W 5 127.0.0.1 > /tmp/ping 2>&1 || die "a hook found a map wrong: $(cat /tmp/ping)"
# a ping is two packets: the request and the reply
[ "$(maps get $pins/cpus cpuA) $(maps get $pins/cpus cpuB)" = "00000006 00000004" ] ||
  die "the CPUs counted $(maps get $pins/cpus cpuA) and $(maps get $pins/cpus cpuB)"
address=$(printf '\177ABC') # 127.65.66.67
ping -c 1 -W 5 127.65.66.67 > /tmp/ping 2>&1 || die "nothing is blocked yet"
maps set $pins/hash "$address" blocked!
! ping -c 1 -W 1 127.65.66.67 > /tmp/ping 2>&1 || die "what user space put into the map is not blocked"
evaluate "return status()"
case $answer in
  "bpf_in_hooks softirq 2 "*" 0 run running") ;;
  *) die "expected two states without faults: $answer" ;;
esac
gives "" "stop('bpf_in_hooks')"

# A script keeps a map that was unpinned, until it ends.
gives "" "run('bpf_holder')"
for pin in $pins/*; do rm $pin; done
refuses maps get $pins/cpus cpuA
gives "" "stop('bpf_holder')"
umount $pins
rmmod_all lualinux luabpf luadata luaskb luanetfilter
