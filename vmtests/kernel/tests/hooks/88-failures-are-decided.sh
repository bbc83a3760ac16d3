# SPDX-License-Identifier: MIT OR GPL-2.0-only
# What becomes of packets on which a script fails, once and too often, and who hears of it.
insmod_all luadata luaskb luanetfilter
ip link set lo up
one_cpu
answers() { ping -c 1 -W 5 "127.0.0.$1" > /tmp/ping 2>&1 || die "case $1: expected an answer"; }
silent() { ! ping -c 1 -W 1 "127.0.0.$1" > /tmp/ping 2>&1 || die "case $1: expected silence"; }
# state NAME FAULTS STATE: what its line of the status says
state() {
  evaluate "return status()" || die "$answer"
  echo "$answer" | grep -q "^$1 .* $2 run $3$" ||
    die "expected '$1 ... $2 run $3' in the status, got: $answer"
}
# tells PATTERN: an event after those that were told of has it
cat /dev/lunatik_events > /tmp/events & at_exit "kill $!"
events=0
tells() {
  for turn in $(seq 100); do
    line=$(tail -n +$((events + 1)) /tmp/events | grep -n -m 1 "$1" | cut -d: -f1)
    [ -z "$line" ] || { events=$((events + line)); return; }
    usleep 50000
  done
  die "expected the event '$1', got: $(tail -n +$((events + 1)) /tmp/events)"
}

# Each kind of failure is told once, with the line and where that was called, and counted always.
gives "" "run('health/judge', 'softirq', { faults = 0, memory = 128 << 10 })"
tells '"event":"started","script":"health/judge","context":"softirq"'
for case in 3 3 4 4 5 6 7 7 3; do answers $case; done
state health/judge 9 running
logged 1 "health/judge: .*judge.lua:12: on purpose"
logged 1 "health/judge: out of fuel"
logged 1 "health/judge: not enough memory"
logged 1 "health/judge: the hook's function returned no verdict"
logged 2 "judge.lua:12"
logged 1 "judge.lua:13"
tells '"event":"failed","script":"health/judge","kind":"verdict"'
grep -q '"kind":"fuel","message":"out of fuel","traceback":"\\n\\t/lib/modules/lua/health/judge.lua:13' /tmp/events || die "the event has no traceback: $(cat /tmp/events)"
answers 1
silent 2
evaluate "return statistics()" || die "$answer"
case $answer in
  *'"faults":{"fuel":2,"memory":1,"error":4,"verdict":2,"reentry":0}'*) ;;
  *) die "expected the failures by kind, got: $answer" ;;
esac
case $answer in *'"verdicts":{"netfilter":{"drop":1,"accept":'*) ;; *) die "expected a dropped packet in: $answer" ;; esac
gives "" "stop('health/judge')"
tells '"event":"stopped","script":"health/judge"'

# Too many in the window: the fail verdict, without a call, until somebody says so.
for fail in accept drop; do
  gives "" "run('health/judge', 'softirq', { faults = 3, fail = '$fail' })"
  gives "" "run('health/still', 'softirq')"
  for case in 3 3; do [ $fail = drop ] && silent $case || answers $case; done
  state health/judge 2 running
  silent 2
  [ $fail = drop ] && silent 3 || answers 3
  state health/judge 3 quarantined
  tells '"event":"quarantined","script":"health/judge"'
  # Not even what it would decide otherwise.
  [ $fail = drop ] && silent 1 || answers 2
  # The other script's verdicts are its own.
  silent 9
  state health/still 0 running
  state health/judge 3 quarantined
  gives true "return resume('health/judge')"
  gives false "return resume('health/judge')"
  tells '"event":"resumed","script":"health/judge"'
  state health/judge 3 running
  answers 1
  silent 2
  gives "" "stop('health/judge') stop('health/still')"
done
logged 2 "health/judge: quarantined after too many failures"
fails "$EINVAL" "*health/judge: not running*" "resume('health/judge')"

# A window begins with a failure, whatever was before it.
gives "" "run('health/judge', 'softirq', { faults = 2, window = 3000 })"
answers 3
usleep 2500000
gives false "return resume('health/judge')"
answers 3
usleep 1000000
answers 3
state health/judge 3 quarantined
gives "" "stop('health/judge')"

# The window passes, and the failures in it are forgotten.
gives "" "run('health/judge', 'softirq', { faults = 2, window = 200 })"
for turn in 1 2 3; do answers 3; usleep 300000; done
state health/judge 3 running
# One in quarantine can be stopped, too.
answers 3; answers 3; answers 3
# The window of the last one above may be open still.
state health/judge '[56]' quarantined
gives "" "stop('health/judge')"

# A hook may say by itself what its failures mean.
gives "" "run('health/verdicts', 'softirq')"
silent 2
answers 3
gives "" "stop('health/verdicts')"
gives "" "run('health/verdicts', 'softirq', { fail = 'drop' })"
silent 3
gives "" "stop('health/verdicts')"
fails "$EINVAL" "*option 'faults' is out of range*" "run('health/judge', 'softirq', { faults = -1 })"
fails "$EINVAL" "*option 'memory' is out of range*" "run('health/judge', 'softirq', { memory = (16 << 20) + 1 })"
fails "$EINVAL" "*option 'window' is out of range*" "run('health/judge', 'softirq', { window = 0 })"

# Each hook has fuel of its own for a packet, so there are not many of a script.
echo "for i = 1, 17 do require('netfilter').register { pf = 2, hooknum = 1, hook = print, priority = i } end" > /lib/modules/lua/many_hooks.lua
fails "$EINVAL" "*a script has at most 16 hooks (module parameter hooks of lunatik)*" "run('many_hooks', 'softirq')"
rmmod_all luadata luaskb luanetfilter
