# SPDX-License-Identifier: MIT OR GPL-2.0-only
# A script that runs for long in a task pauses, and ends when it is told to.
echo 1000000000 > /sys/module/lunatik/parameters/process_fuel
at_exit 'echo 100000000 > /sys/module/lunatik/parameters/process_fuel'
# A chunk that would take minutes: whoever kills its writer ends it.
gives "" "shutdown()"
printf 'while true do end' > /tmp/endless
dd if=/tmp/endless of=/dev/lunatik bs=1M 2> /tmp/endless.why & endless=$!
usleep 500000
kill -9 $endless || die "the endless chunk ended: $(cat /tmp/endless.why)"
for turn in $(seq 100); do
  [ -d /proc/$endless ] || break
  usleep 50000
done
[ ! -d /proc/$endless ] || die "a killed chunk runs on"

# So does who stops the script.
echo "return function() while true do pcall(function() while true do end end) end end" > /lib/modules/lua/spins.lua
gives "" "run('spins')"
printf "require('lunatik')._ENV.runtimes.spins:resume()" > /tmp/spins
dd if=/tmp/spins of=/dev/lunatik bs=1M 2> /dev/null & spinning=$!
usleep 500000
[ -d /proc/$spinning ] || die "the script does not spin"
gives "" "stop('spins')"
for turn in $(seq 100); do
  [ -d /proc/$spinning ] || break
  usleep 50000
done
[ ! -d /proc/$spinning ] || die "a stopped script runs on"
