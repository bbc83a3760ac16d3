# SPDX-License-Identifier: MIT OR GPL-2.0-only
insmod_all luafifo luacompletion luadata luaskb luanetfilter

for context in process softirq hardirq; do
  gives "" "run('fifo', '$context', { fuel = 1000000, load_fuel = 100000000, memory = 2 << 20 })"
  refuses rmmod luafifo
  gives "" "stop('fifo')"
done
# All queues together are bounded, too.
parameter=/sys/module/luafifo/parameters/memory
before=$(cat $parameter)
echo 1048576 > $parameter
fails "$EINVAL" "*luafifo's parameter 'memory' bounds all queues*" "local fifo = require('fifo') local all = fifo.new(1 << 20) fifo.new(2)"
echo $before > $parameter
gives "" "run('completion')"
gives "" "stop('completion')"
echo "require('completion').new():wait(0)" > /lib/modules/lua/waits_in_softirq.lua
fails "$EINVAL" "*may sleep*" "run('waits_in_softirq', 'softirq')"

# A script that waits for ever: others are served, and a signal ends it.
printf "run('waiter')" > /tmp/waiting
dd if=/tmp/waiting bs=1M of=/dev/lunatik 2> /dev/null & waiting=$!
until log | grep -q "lunatik: waiter: waits"; do :; done
gives 2 "return 1 + 1"
gives "" "run('hello')"
gives "hello" "return list()"
gives "" "stop('hello')"
logged 0 "waiter: interrupt"
kill $waiting
wait $waiting || true
logged 1 "lunatik: waiter: interrupt"
gives "" "shutdown()"

# Both CPUs' hooks use them.
ip link set lo up
gives "" "run('queues_in_hooks', 'softirq')"
for mask in 1 2; do
  taskset $mask ping -c 5 -W 5 127.0.0.1 > /tmp/ping 2>&1 || die "a hook found a queue or an event wrong: $(cat /tmp/ping)"
done
logged 2 "a CPU saw its first packet"
evaluate "return status()"
case $answer in
  "queues_in_hooks softirq 2 "*" 0 run running") ;;
  *) die "expected two states without faults: $answer" ;;
esac
gives "" "stop('queues_in_hooks')"
rmmod_all luafifo luacompletion luadata luaskb luanetfilter
