# SPDX-License-Identifier: MIT OR GPL-2.0-only
# Signals, CPUs, time, constants, and the small libraries.
. ../library.sh
plan 7
own=tests/linux
stopped $own/{signals,cpus,constants,times,libraries}
entries signals

kills() {
  local sleeper status=0
  sleep 1000 & sleeper=$!
  is $'true\ttrue' lua "signal = require('signal')" "return signal.kill($sleeper, 0), signal.kill($sleeper, 15)"
  wait $sleeper || status=$?
  [ $status = 143 ] || die "it ended with $status"
  is false lua "require('signal').kill($sleeper)"
  sleep 1000 & sleeper=$! status=0
  is true lua "require('signal').kill($sleeper)"
  wait $sleeper || status=$?
  [ $status = 137 ] || die "it ended with $status"
}
point kills "scripts send signals to processes, and know of those that are gone"

signals() {
  lunatik spawn $own/signals
  soon is hold shared signals
  lunatik stop $own/signals
  # Of the task that calls: it blocks a signal, and sends it to itself: nothing that would interrupt it is pending.
  local chunk="local s, own = require('signal'), require('thread').current():task().pid s.sigmask(28) s.kill(own, 28)"
  is $'false\ttrue\ttrue' lua "$chunk return s.sigpending(), s.sigstate(28), s.sigstate(28, 'pending')"
  fails "*signal: not granted*" lunatik run $own/signals --capabilities lunatik,linux
}
point signals "signals are blocked and let through, and seen when they are pending"

cpus() {
  lunatik run $own/cpus
  local online
  online=$(seq -s ' ' 0 $(($(nproc) - 1)))
  is "$(nproc)"$'\t'"$(nproc)"$'\t'"$online"$'\t'"$online" resume cpus
  lunatik stop $own/cpus
}
point cpus "CPUs are as many as nproc says"

statistics() {
  lunatik run $own/cpus
  local before after
  # In hundredths of a second: what Lua says lies between what /proc/stat says before and after.
  of_proc() { awk -v cpu=cpu0 '$1 == cpu { print $2, $4, $5 }' /proc/stat; }
  before=($(of_proc))
  local said=($(resume cpus 0))
  after=($(of_proc))
  local i
  for i in 0 1 2; do
    local hundredths=$((said[i] / 10000000))
    [ $hundredths -ge $((before[i] - 1)) ] && [ $hundredths -le $((after[i] + 1)) ] ||
      die "number $i: $hundredths, not between ${before[i]} and ${after[i]}"
  done
  [ "${said[1]}" -gt 0 ]
  lunatik stop $own/cpus
}
point statistics "what a CPU has done is what /proc/stat says"

constants() {
  compile constants
  "$scratch/constants" > "$scratch/expected"
  lunatik run $own/constants
  is "$(cat "$scratch/expected")" resume constants "'$(cut -d ' ' -f 1 "$scratch/expected" | tr '\n' ' ')'"
  lunatik stop $own/constants
}
point constants "constants are those that a C compiler finds in Linux's headers"

times() {
  holds $own/times
  local now said
  now=$(date +%s)
  said=$(lua 'require("linux").time() // 1000000000')
  [ $((said - now)) -ge 0 ] && [ $((said - now)) -le 20 ] || die "Lua says $said at $now"
  is "$(cat /sys/class/net/lo/ifindex)" lua 'require("linux").ifindex("lo")'
  is "$(tr -d : < /sys/class/net/eth0/address)" lua 'linux = require("linux")' \
    'require("util").bin2hex(linux.ifaddr(linux.ifindex("eth0")))'
  fails "*no interface*" lua 'require("linux").ifindex("nothing0")'
}
point times "time, random numbers, error names and interfaces are those of the system"

libraries() {
  local context
  for context in process softirq hardirq; do holds $own/libraries $context; done
}
point libraries "addresses, bytes and classes are the same in every context"
