# SPDX-License-Identifier: MIT OR GPL-2.0-only
# Functions that are called when it is time.
insmod_all luadata lualinux luaskb luanetfilter luatimer
echo 0 > /sys/devices/system/cpu/cpu1/online
at_exit 'echo 1 > /sys/devices/system/cpu/cpu1/online'
gives "" "run('timers/order', 'softirq')"
awaits 1 "order: all 200 in order"
# On a machine that stood still between two of these the later one may be due first: only the 200 know when they were due.
for line in first second third "turn 1" "turn 5"; do logged 1 "order: $line"; done
logged 0 "order: never"
logged 0 "order: turn 6"
logged 2 "order: at once"
evaluate "return status()" || die "$answer"
case $answer in "timers/order softirq 2 "*" 0 run running") ;; *) die "$answer" ;; esac
gives "" "stop('timers/order')"

# What fails takes none along; too much of it is quarantined, and resumes.
gives "" "run('timers/fails', 'softirq', { faults = 5, window = 60000 })"
sees "timers/fails: quarantined"
log | grep -q "timers/fails: .*fails.lua:4: on purpose" || die "the failure is not told"
before=$(log | grep -c "fails: goes on")
[ $before -ge 3 ] || die "beside one that fails, the other goes off $before times"
usleep 300000
logged $before "fails: goes on"
gives "" "resume('timers/fails')"
sees "fails: goes on" $((before + 2))
gives "" "stop('timers/fails')"

# A CPU that comes later, one that goes, one that comes back: each state's go off on its own.
gives "" "run('timers/each', 'softirq')"
states() { log | sed -n 's/.*each: state //p' | tail -n 12 | sort -u | grep -c .; }
say_states() {
  for turn in $(seq 100); do [ "$(states)" != $1 ] || return 0; usleep 100000; done
  die "timers of $(states) CPUs go off, not of $1"
}
sees "each: state" 12
say_states 1
for online in 1 0 1; do
  echo $online > /sys/devices/system/cpu/cpu1/online
  say_states $((online + 1))
done
refuses rmmod luatimer
gives "" "stop('timers/each')"

# Come and gone while they go off, on both.
echo "local t = require('timer') for i = 1, 20 do t.every(1, function() t.create(1, function() end) end) end" > /lib/modules/lua/busy.lua
for turn in $(seq 50); do gives "" "run('busy', 'softirq') stop('busy')"; done

# Only where packets are, and only while a script loads.
echo "require('timer')" > /lib/modules/lua/starts.lua
fails "$EINVAL" "*runtime context mismatch*" "run('starts', 'process')"
cat > /lib/modules/lua/late.lua <<'END'
local alarm = require("timer.alarm")
require("netfilter").register { pf = 2, hooknum = 1, priority = 0, hook = function()
  local ok, problem = pcall(alarm.new, print)
  return not ok and problem:find("while the script loads") and 1 or 0
end }
END
ip link set lo up
gives "" "run('late', 'softirq', { fail = 'drop' })"
ping -c 1 -W 5 127.0.0.1 > /tmp/ping || die "a hook could make an alarm"
gives "" "stop('late')"
