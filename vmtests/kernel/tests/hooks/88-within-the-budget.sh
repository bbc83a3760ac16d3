# SPDX-License-Identifier: MIT OR GPL-2.0-only
# What a call may spend is all that it costs: what modules do for it, and what is said of its failure.
insmod_all luarcu luadata luaset lualpm luafifo luaprobe luaskb luanetfilter
ip link set lo up
one_cpu
env="require('lunatik')._ENV"
asks() { for way; do ping -c 1 -W 5 127.0.0.$way > /tmp/ping 2>&1 || die "case $way: expected an answer"; done; }

# More than the fuel pays for is not begun: no memory for sets is asked for, no byte is copied or compared.
gives "" "run('budget/counts', 'hardirq')"
for turn in $(seq 100); do
  evaluate "require('set').new { 'x' } return $env.made > 0" || die "$answer"
  [ "$answer" = false ] || break
done
[ "$answer" = true ] || die "sets are made, but nobody sees it"
gives "" "run('budget/native', 'softirq', { fuel = 1000, memory = 4 << 20, faults = 0 })"
gives "" "$env.made = 0"
asks 2 3 4 5 7 6
gives "0	0	0	nil" "return $env.made, $env.queued, $env.first, $env.found"
evaluate "return status()"
case $answer in *"budget/native softirq "*" 5 run running"*) ;; *) die "expected five failures: $answer" ;; esac
logged 1 "budget/native: out of fuel"
gives "" "stop('budget/native')"

# How an error is told is the script's own affair, with what its call has left, and in its books.
gives "" "run('budget/tells', 'softirq', { fuel = 1000 })"
for way in 2 3 4; do asks $way; gives false "return resume('budget/tells')"; done
logged 1 "budget/tells: told in time"
logged 1 "budget/tells: error object without text"
logged 1 "budget/tells: .*tells.lua:10: a string"
logged 0 "told for too much"
logged 0 "told of a string"
evaluate "return statistics()"
case $answer in *'"max":10'[0-9][0-9],*) ;; *) die "expected a call that spent all of its fuel to be told: $answer" ;; esac

# Where nothing sleeps, nothing that says why not does.
for script in tells counts; do
  fails "$EINVAL" "*budget/$script: the script returned nothing to resume*" "$env.runtimes['budget/$script']:resume()"
done
gives "" "stop('budget/tells') stop('budget/counts')"

# Each failure is told with its own place.
gives "" "run('budget/resumed', 'softirq')"
fails "$EINVAL" "*resumed.lua:16: when resumed*" "$env.runtimes['budget/resumed']:resume()"
asks 7
logged 2 "resumed.lua:5"
gives "" "stop('budget/resumed')"

# However many scripts fail at once, the first failure of each is told.
for number in $(seq 16); do
  cp /lib/modules/lua/budget/tells.lua /lib/modules/lua/many$number.lua
  gives "" "run('many$number', 'softirq')"
done
asks 2
logged 16 "many[0-9]*: told in time"
gives "" "shutdown()"
rmmod_all luarcu luadata luaset lualpm luafifo luaprobe luaskb luanetfilter
