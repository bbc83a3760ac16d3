# SPDX-License-Identifier: MIT OR GPL-2.0-only
# Hooks of both CPUs send, two tasks receive, all through one queue; and who sleeps can be stopped.
insmod_all luarcu lualinux luafifo luacompletion luadata luaskb luanetfilter
ip link set lo up
env="local env = require('lunatik')._ENV"

# chunk NAME CHUNK: runs it in the background; its results go to /tmp/NAME
chunk() {
  printf '%s' "$2" > "/tmp/$1.chunk"
  sh -c "exec 3<> /dev/lunatik; dd if=/tmp/$1.chunk bs=1M >&3 2> /dev/null; cat <&3 > /tmp/$1" & background=$!
}

gives "" "run('queue/maker')"
gives "" "run('queue/sender', 'softirq')"
gives "" "run('queue/taker')"
chunk other "other = require('lunatik').runtime('queue/taker') return other:resume(3000)"
other=$background
taskset 1 ping -i 0.002 -c 500 -W 5 127.0.0.11 > /tmp/ping11 & first=$!
taskset 2 ping -i 0.002 -c 500 -W 5 127.0.0.12 > /tmp/ping12 & second=$!
evaluate "$env return env.runtimes['queue/taker']:resume(3000)" || die "$answer"
mine=$answer
wait $first || die "a message was not sent: $(tail -n 2 /tmp/ping11)"
wait $second || die "a message was not sent: $(tail -n 2 /tmp/ping12)"
wait $other
both() { echo $1 $(($2 + $5)) $(($3 + $6)) $4; }
[ "$(both $mine $(cat /tmp/other))" = "timeout 500 500 timeout" ] ||
  die "messages were lost or came twice: '$mine' and '$(cat /tmp/other)'"
evaluate "return status()"
case $answer in
  *"queue/sender softirq 2 "*" 0 run"*) ;;
  *) die "the hooks have faults: $answer" ;;
esac
# a queue outlives the script that made it, and is closed for all
gives "" "stop('queue/maker')"
gives "x	1" "$env env.queue:push('x') return env.queue:pop(9)"
gives "" "$env env.queue:close()"
fails "$EINVAL" "*invalid or closed object*" "$env env.queue:push('x')"
gives "" "shutdown()"

# What the body of a script of hooks makes is one for all CPUs: a task has what both of them sent.
gives "" "run('queue/own', 'softirq')"
gives "" "run('queue/taker')"
taskset 1 ping -i 0.002 -c 100 -W 5 127.0.0.11 > /tmp/ping11 || die "a message was not sent: $(tail -n 2 /tmp/ping11)"
taskset 2 ping -i 0.002 -c 100 -W 5 127.0.0.12 > /tmp/ping12 || die "a message was not sent: $(tail -n 2 /tmp/ping12)"
gives "timeout	100	100" "$env return env.runtimes['queue/taker']:resume(1000)"
gives "" "shutdown()"
echo "local new = require('completion').new for i = 1, 1025 do new() end" > /lib/modules/lua/many_events.lua
gives "" "run('many_events') stop('many_events')"
fails "$EINVAL" "*more than 1024 objects for all CPUs*" "run('many_events', 'softirq')"

# Whoever sleeps comes out when the script is stopped, or all are.
sleeping() {
  gives "" "run('queue/sleeper')"
  chunk sleeper "require('lunatik')._ENV.runtimes['queue/sleeper']:resume('$1')"
  until log | grep -q "queue/sleeper: sleeps: $1"; do :; done
}
for way in wait schedule stubborn catching; do
  sleeping $way
  gives "" "stop('queue/sleeper')"
  wait $background
done
logged 1 "queue/sleeper: wait: interrupt"
logged 1 "queue/sleeper: schedule: woken"
grep -q "out of fuel" /tmp/sleeper || die "who does not listen ran on: $(cat /tmp/sleeper)"
sleeping wait
gives "" "shutdown()"
wait $background
logged 2 "queue/sleeper: wait: interrupt"
# and when the task is killed
sleeping wait
kill -9 "$(pidof dd)"
wait $background || true
logged 3 "queue/sleeper: wait: interrupt"
gives "" "shutdown()"
rmmod_all luarcu lualinux luafifo luacompletion luadata luaskb luanetfilter
