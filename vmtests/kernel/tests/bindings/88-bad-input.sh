# SPDX-License-Identifier: MIT OR GPL-2.0-only
# Every function, with what it is not for: an error that says so, or the documented value, in every context.
insmod_all libaes aes_generic crypto_null gf128mul ghash_generic ctr gcm $bindings
env="require('lunatik')._ENV"
options="{ load_fuel = 100000000, fuel = 10000000, memory = 16777216, faults = 0 }"
for context in process softirq hardirq; do
  for table in data byteorder linux rcu set lpm fifo completion mailbox cpu packet bpf socket netlink crypto darken tasks kernel files hooks conntrack skel; do
    gives "" "$env.bad_context = '$context' run('bad/$table', '$context', $options) stop('bad/$table')"
  done
done
gives "" "$env.bad_context = 'softirq' run('bad/packets', 'softirq', $options)"
ip link set lo up
ping -c 3 -i 0.2 127.0.0.1 > /tmp/ping || die "no answer"
gives "nil	true" "return $env.bad_packets, $env.bad_flows"
gives "" "shutdown()"
logged 0 "BUG"
logged 0 "WARNING"
