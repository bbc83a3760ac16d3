# SPDX-License-Identifier: MIT OR GPL-2.0-only
# Scripts run, give way to others and stop from several shells at once, and modules come and go, under packets
# on all CPUs. The kernel's command line may say how often (rounds=2000).
rounds=$(sed -n 's/.*\brounds=\([0-9]*\).*/\1/p' /proc/cmdline)
rounds=${rounds:-20}
. /network.sh
modules="luadata lualinux luapacket luaset lualpm luarcu luafifo luacompletion luathread luadevice luanotifier luasignal luaprobe luasyscall luahid luaskb luanetfilter luaxdp"
insmod_all $modules

# chunk TEXT: in a file of its own, for several write at once
chunk() { printf '%s' "$2" > /tmp/chunk.$1; dd if=/tmp/chunk.$1 of=/dev/lunatik bs=1M 2> /tmp/problem.$1; }
# cycles NAME CONTEXT: one shell's runs, replacements and stops
cycles() {
  for turn in $(seq $rounds); do
    chunk $1 "run('$2', 'softirq')" || die "run $2: $(cat /tmp/problem.$1)"
    chunk $1 "replace('$2', 'softirq')" || die "replace $2: $(cat /tmp/problem.$1)"
    chunk $1 "stop('$2')" || die "stop $2: $(cat /tmp/problem.$1)"
  done
}

# Packets of both families cross all the while, each answered whatever comes and goes.
at left ping -i 0.005 -q 10.2.0.2 > /tmp/ping4 2>&1 & four=$!
at left ping -i 0.005 -q fd00:2::2 > /tmp/ping6 2>&1 & six=$!
at_exit 'killall ping 2> /dev/null || true'
for script in one two three; do
  echo "local queue = require('fifo').new(64)
    require('netfilter').register { pf = 2, hooknum = 2, priority = 0, hook = function(skb) queue:push('x') return 1 end }
    require('netfilter').register { pf = 10, hooknum = 2, priority = 0, hook = function(skb) return skb:decide(1) end }" > /lib/modules/lua/cycle_$script.lua
done
echo "require('xdp').attach(function(packet) return 2 end)" > /lib/modules/lua/cycle_xdp.lua
workers=
for script in one two three xdp; do cycles $script cycle_$script & workers="$workers $!"; done
for worker in $workers; do wait $worker || die "a shell's runs and stops failed: $(cat /tmp/problem.*)"; done
gives "" "return list()"
evaluate "return status()"
[ -z "$answer" ] || die "something runs still: $answer"

# Modules, too: all of them, with a script in between.
for turn in $(seq $((rounds / 10))); do
  gives "" "run('cycle_one', 'softirq') stop('cycle_one')"
  gives "" "shutdown()"
  rmmod_all $modules
  insmod_all $modules
done
killall -INT ping
wait $four || true
wait $six || true
for family in 4 6; do
  grep -q " 0% packet loss" /tmp/ping$family || die "packets were lost: $(tail -n 3 /tmp/ping$family)"
done
logged 0 "leaked"
