# SPDX-License-Identifier: MIT OR GPL-2.0-only
# Scripts are governors of CPUs, which are models here: whatever becomes of a script, its CPUs have a governor, and
# are not slow for it.
insmod_all lualinux luacpufreq
at_exit 'rmmod_all model_cpufreq'
cpus=/sys/devices/system/cpu
env="require('lunatik')._ENV"

# within VALUE COMMAND: what it prints is that, now or soon
within() {
  for turn in $(seq 3000); do
    [ "$(eval "$2")" != "$1" ] || return 0
    usleep 20000
  done
  die "$2: expected '$1', got '$(eval "$2")'"
}
# becomes VALUE EXPRESSION
becomes() { within "$1" "evaluate \"return $2\"; echo \"\$answer\""; }
# Of the first policy, and of another CPU's.
choose() { echo $1 > $cpus/cpu${2:-0}/cpufreq/scaling_governor || die "cannot choose $1"; }
governor() { cat $cpus/cpu${1:-0}/cpufreq/scaling_governor; }
governed() { [ "$(governor ${2:-0})" = $1 ] || die "CPU ${2:-0} has the governor $(governor ${2:-0}), not $1"; }
frequency() { cat $cpus/cpu${1:-0}/cpufreq/scaling_cur_freq; }
offered() { grep -c -w -e "$1" $cpus/cpu0/cpufreq/scaling_available_governors; }

for context in process softirq hardirq; do gives "" "run('cpufreq/misuse', '$context') stop('cpufreq/misuse')"; done
fails "$EINVAL" "*cpufreq: not granted*" "run('cpufreq/tells', 'process', { capabilities = '' })"
fails "$EINVAL" "*on purpose*" "run('cpufreq/broken')"

# A script may be there before the driver is, and after.
gives "" "run('cpufreq/tells')"
refuses rmmod luacpufreq
insmod /modules/model_cpufreq.ko
[ "$(offered tells)" = 1 ] || die "the governor is not to be had"
[ "$(offered broken)" = 0 ] || die "a governor is left of a script that did not load"
choose tells
becomes "start " $env.told
echo 800000 > $cpus/cpu0/cpufreq/scaling_max_freq
becomes "start limits " $env.told
[ $(frequency) -le 800000 ] || die "the limits do not hold: $(frequency)"
echo 1600000 > $cpus/cpu0/cpufreq/scaling_max_freq
becomes "start limits limits " $env.told
choose performance
becomes "start limits limits stop " $env.told
choose tells
becomes "start limits limits stop start " $env.told
choose tells 1
# A CPU that comes back has the governor that it had, if there is one.
echo 0 > $cpus/cpu1/online
echo 1 > $cpus/cpu1/online
governed tells 1
echo 0 > $cpus/cpu1/online
gives "" "stop('cpufreq/tells')"
[ "$(offered tells)" = 0 ] || die "the governor is still to be had"
governed schedutil
echo 1 > $cpus/cpu1/online
governed schedutil 1
# So it is when the driver goes first.
gives "" "run('cpufreq/tells')"
choose tells
becomes "start " $env.told
rmmod_all model_cpufreq
becomes "start stop " $env.told
insmod /modules/model_cpufreq.ko
governed schedutil
choose tells
becomes "start stop start " $env.told
gives "" "stop('cpufreq/tells')"
governed schedutil

# What it sees, and does.
gives "" "run('cpufreq/facts')"
choose facts
becomes "fine: 0 of 0" $env.facts
choose facts 1
becomes "fine: 1 of 1" $env.facts
choose performance
becomes 0 $env.after
choose powersave 1
becomes 01 $env.after
evaluate "return status()"
case $answer in "cpufreq/facts process 1 "*" 0 run running") ;; *) die "the status is: $answer; $(log | tail -n 5)" ;; esac
gives "" "stop('cpufreq/facts')"
governed performance
governed powersave 1

# A sample, with a load by a schedule: neither slow nor wasteful.
model=$cpus/cpu0/cpufreq/model
# judged: to its end; sets $product of energy and delay, as the model has it
judged() {
  within 1 "cut -d ' ' -f 1 $model"
  read over energy delay product < $model
  echo "<6>  $1: $energy uJ, $delay us, $product" > /dev/kmsg
}
for kernels in powersave performance; do
  choose $kernels
  echo reset > $model
  echo run > $model
  judged $kernels
  eval $kernels=$product
done
gives "" "run('governors/ondemand')"
choose lua-ondemand
echo run > $model
# An idle processor is slow.
within 400000 frequency
echo reset > $model
judged lua-ondemand
[ $product -lt $performance ] || die "performance does better"
[ $product -lt $powersave ] || die "powersave does better"
gives "" "stop('governors/ondemand')"

# What fails has its CPUs run fast, and keeps nobody waiting.
gives "" "run('cpufreq/fails', 'process', { fuel = 100000 })"
choose raises
sees "cpufreq/fails: .*fails.lua:[0-9]*: on purpose"
choose loops
sees "cpufreq/fails: .*out of fuel"
choose powersave
choose sleeps
becomes asleep $env.slept
within 1600000 frequency
choose powersave
within 400000 frequency
choose sleeps
within 1600000 frequency
choose raises 1
gives "" "stop('cpufreq/fails')"
gives woken "return $env.slept"
governed schedutil
governed schedutil 1
gives "" "run('cpufreq/fails', 'process', { fuel = 100000, faults = 3 })"
choose powersave
choose raises
sees "cpufreq/fails: quarantined"
within 1600000 frequency
choose powersave
within 400000 frequency
# Also one that begins only then.
choose loops
within 1600000 frequency
gives true "return resume('cpufreq/fails')"
sees "cpufreq/fails: quarantined" 2
choose powersave
gives true "return resume('cpufreq/fails')"
# One may give its policies back while it is at it.
choose leaves
within schedutil governor
gives "" "stop('cpufreq/fails')"

# CPUs that share a frequency.
rmmod_all model_cpufreq
insmod /modules/model_cpufreq.ko shared=1
gives "" "run('cpufreq/facts')"
choose facts 1
becomes "fine: 0 of 0 1" $env.facts
echo 0 > $cpus/cpu1/online
becomes "fine: 0 of 0" $env.facts
echo 1 > $cpus/cpu1/online
becomes "fine: 0 of 0 1" $env.facts
gives "" "shutdown()"
governed schedutil

# Without a meter the load is what the CPU is not idle.
rmmod_all model_cpufreq
insmod /modules/model_cpufreq.ko metered=0
gives "" "run('cpufreq/tells')"
choose tells
taskset 1 sh -c 'while :; do :; done' &
busy=$!
becomes true "$env.load >= 90"
kill $busy
gives "" "stop('cpufreq/tells')"

# Everybody at once.
insists() { { echo $1 > $cpus/cpu$2/cpufreq/scaling_governor; } 2> /dev/null || true; }
insisting() { while [ ! -e /tmp/calm ]; do for name; do insists $name 0; done; done; }
rm -f /tmp/calm
insisting tells performance &
first=$!
insisting tells loops powersave &
second=$!
while [ ! -e /tmp/calm ]; do
  echo 0 > $cpus/cpu1/online
  echo 1 > $cpus/cpu1/online
  insists tells 1
done &
third=$!
for turn in $(seq 20); do
  gives "" "run('cpufreq/tells') run('cpufreq/fails', 'process', { fuel = 100000 })"
  usleep 20000
  gives "" "stop('cpufreq/tells') stop('cpufreq/fails')"
done
touch /tmp/calm
wait $first $second $third
[ "$(offered "tells\|loops")" = 0 ] || die "governors are left"
for cpu in 0 1; do
  case $(governor $cpu) in performance|powersave|schedutil) ;; *) die "CPU $cpu has the governor $(governor $cpu)" ;; esac
done
