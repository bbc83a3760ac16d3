# SPDX-License-Identifier: MIT OR GPL-2.0-only
# Every function, with what it is not for: an error that says so, or the documented value, in every context. What has no row in
# vmtests/kernel/scripts/bad fails the test.
insmod_all libaes aes_generic crypto_null gf128mul ghash_generic ctr gcm $bindings
insmod_all ip_tables iptable_filter
at_exit 'rmmod_all model_cpufreq'
mount -t bpf bpf /sys/fs/bpf
at_exit 'umount /sys/fs/bpf'
maps create /sys/fs/bpf/bad_hash 1 4 8 16
maps create /sys/fs/bpf/bad_queue 22 0 8 16
echo "return ('6b'):rep(32)" > /lib/modules/lua/light.lua
env="require('lunatik')._ENV"
options="{ load_fuel = 100000000, fuel = 10000000, memory = 16777216, faults = 0 }"
gives "" "$env.bad_tried = require('rcu').table(1024)"
ip link set lo up
flows_stay
pings() { ping -c 3 -i 0.2 127.0.0.1 > /tmp/ping || die "no answer"; }
# softirq SCRIPT [OPTION]: its function tries when packets come
softirq() { gives "" "$env.bad_context = 'softirq' run('bad/$1', 'softirq', { load_fuel = 100000000, fuel = 10000000, memory = 16777216, faults = 0, ${2-} })"; }

softirq packets
pings
gives "nil	true" "return $env.bad_packets, $env.bad_flows"
for context in process softirq hardirq; do
  for table in data byteorder linux rcu set lpm fifo completion mailbox cpu packet bpf socket sockets netlink sessions crypto darken tasks kernel files hooks conntrack skel \
    libraries runtimes frames; do
    [ "$context $table" != "softirq frames" ] || continue
    gives "" "$env.bad_context = '$context' run('bad/$table', '$context', $options)"
    # A probe's handler is called.
    [ "$context $table" != "hardirq kernel" ] || { sync; gives fine "return $env.bad_handler"; }
    gives "" "stop('bad/$table')"
  done
done
gives "" "stop('bad/packets')"

# Where there is a frame, where a rule asks, and where a governor has a policy.
softirq frames
lunatik xdp attach lo bad/frames --mode generic
ping -c 1 -W 1 127.0.0.1 > /tmp/ping || true
gives fine "return $env.bad_frames"
gives "" "stop('bad/frames')"
export XTABLES_LOCKFILE=/tmp/xtables.lock
at_exit 'iptables-legacy -F'
for script in link nf; do
  softirq $script "single = true"
  iptables-legacy -A OUTPUT -p icmp -m lua --function ask -j DROP
  ping -c 1 -W 5 127.0.0.1 > /tmp/ping || die "no answer while $script is asked"
  gives fine "return $env.bad_$script"
  iptables-legacy -F
  gives "" "stop('bad/$script')"
done
gives "" "$env.bad_context = 'process' run('bad/governor', 'process', $options)"
insmod /modules/model_cpufreq.ko
echo bad > /sys/devices/system/cpu/cpu0/cpufreq/scaling_governor
for turn in $(seq 500); do evaluate "return $env.bad_governor"; [ "$answer" = nil ] || break; usleep 20000; done
gives fine "return $env.bad_governor"
gives "" "stop('bad/governor')"

gives "" "run('bad/complete') stop('bad/complete')"
gives "" "shutdown()"
logged 0 "BUG"
logged 0 "WARNING"
