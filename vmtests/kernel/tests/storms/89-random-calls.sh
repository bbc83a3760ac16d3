# SPDX-License-Identifier: MIT OR GPL-2.0-only
# Whatever scripts call, in whatever order and with whatever arguments: they get values or errors, and the kernel
# goes on. The kernel's command line may say how often (calls=10000).
turns=$(sed -n 's/.*\bcalls=\([0-9]*\).*/\1/p' /proc/cmdline)
turns=${turns:-20}
. /network.sh
insmod_all $bindings
address=$(cat /sys/class/net/left/address)
for turn in $(seq $turns); do
  # Each turn is another, and the same each time.
  evaluate "require('lunatik')._ENV.random_seed = $((turn * 2654435761 + 1))" || die "$answer"
  echo "random calls: turn $turn of $turns" > /dev/kmsg
  for context in process softirq; do
    if evaluate "run('random/body', '$context', { load_fuel = 10000000 })"; then gives "" "stop('random/body')"; fi
  done
  options="{ fuel = 100000, faults = 0 }"
  evaluate "run('random/hooks', 'softirq', $options) run('random/driver', 'softirq', $options)" || die "$answer"
  lunatik xdp attach left random/driver --mode $([ $((turn % 2)) = 0 ] && echo native || echo generic) || die "cannot attach"
  at left storm wire $address 100 $turn || die "the storm broke off"
  evaluate "return statistics()" || die "$answer"
  asked=$(echo "$answer" | grep -c '"calls":[1-9]')
  [ $asked = 2 ] || die "packets did not reach both scripts: $answer"
  gives "" "stop('random/hooks') stop('random/driver')"
done
# Now and then one runs out of fuel.
sees "random/body: [0-9]* of [0-9]* random calls returned" $((turns * 3 / 2))
gives "" "shutdown()"
ping -c 1 -W 5 10.1.0.2 > /tmp/ping || die "the network is gone"
