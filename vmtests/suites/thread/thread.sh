# SPDX-License-Identifier: MIT OR GPL-2.0-only
# Kernel threads that run scripts.
. ../library.sh
plan 7
own=tests/thread
stopped $own/{ticks,sleeper,raises,selfish,endless,in_hooks}
entries ticks sleeps farewell told
ended() { [ ! -e "/proc/$1" ]; }

named() {
  lunatik spawn $own/ticks
  local pid
  pid=$(shared "threads['$own/ticks']:task().pid")
  has "tests/thread/ti*" cat "/proc/$pid/comm"
  is "$pid" shared "threads['$own/ticks']:task().tgid"
  grep -q '^Kthread:.1' "/proc/$pid/status" || [ -z "$(cat "/proc/$pid/cmdline")" ]
  fails "*already running*" lunatik spawn $own/ticks
  lunatik stop $own/ticks
  ended "$pid"
}
point named "a spawned script's thread has its name, and task() knows its number"

says_farewell() {
  lunatik spawn $own/ticks --fuel 200000
  # 5000 rounds of a loop each: more than the fuel of one call.
  soon lua 'assert((require("lunatik")._ENV.ticks or 0) > 100)'
  lunatik stop $own/ticks
  is true lua "local env = require('lunatik')._ENV return env.farewell == env.ticks and env.ticks > 100"
}
point says_farewell "a thread goes on for as long as it asks whether it shall stop, and then says farewell"

wakes_up() {
  clear sleeps farewell
  lunatik spawn $own/sleeper
  soon is true shared sleeps
  lunatik stop $own/sleeper
  is $'nil\ttrue' lua 'local env = require("lunatik")._ENV return env.sleeps, env.farewell'
}
point wakes_up "a thread that sleeps wakes up when it shall stop"

of_a_runtime() {
  clear sleeps farewell
  lua "rt = require('lunatik').runtime('$own/sleeper')" 't = require("thread").run(rt, "a thread of mine")'
  local pid
  pid=$(lua 't:task().pid')
  has "a thread of min*" cat "/proc/$pid/comm"
  soon is true shared sleeps
  is "nil" lua 't:stop()' 't:stop()' 't:task()' 'rt:stop()' 'rt = nil'
  ended "$pid"
}
point of_a_runtime "thread.run runs a runtime, and stop returns when it has ended"

fails_alone() {
  forget
  lunatik spawn $own/raises
  soon logged "$own/raises: .*raises.lua:2: on purpose"
  has "*$own/raises process 1 * 1 spawn running*" lua 'status()'
  lunatik stop $own/raises
  lunatik spawn $own/endless --fuel 1000000
  soon logged "$own/endless: out of fuel"
  lunatik stop $own/endless
}
point fails_alone "a thread's error, and the end of its fuel, are in the log and in its books"

nobody_waits_for_himself() {
  lunatik spawn $own/selfish
  soon has "*deadlock* tests/thread/se*" shared told
  lunatik stop $own/selfish
}
point nobody_waits_for_himself "a thread that stops itself is told of the deadlock"

in_process_only() {
  holds $own/in_hooks softirq
  holds $own/in_hooks hardirq
  fails "*unexpected argument*" lunatik spawn $own/ticks softirq
  fails "*spawn is for process scripts*" lua "spawn('$own/ticks', 'softirq')"
  fails "*there is no such file*" lunatik spawn $own/none
  is "false" lua 'require("thread").shouldstop()'
  is "lunatik" lua 'require("thread").current():task().command'
  fails "*thread: not granted*" lunatik run $own/ticks --capabilities lunatik,linux
}
point in_process_only "threads are for process context, and for who is granted them"
