# SPDX-License-Identifier: MIT OR GPL-2.0-only
# Scripts come and go by the command line.
. ../library.sh
plan 7
own=tests/runner
stopped $own/{still,generation,waits}
entries generation refuses
# The reload below takes the router's policies, too.
policies() { sh -c 'failsafe=no; . /etc/boot.d/50-policies; [ "$forward" = yes ]'; }

comes_and_goes() {
  misses $own/still
  is "" lunatik run $own/still
  lists $own/still
  is "" lunatik stop $own/still
  misses $own/still
}
point comes_and_goes "a script runs from run to stop, and is listed meanwhile"

refuses() {
  lunatik run $own/still
  fails "*$own/still: already running*" lunatik run $own/still
  lunatik stop $own/still
  fails "*none.lua: there is no such file*" lunatik run $own/none
  fails "*broken.lua:4: unexpected symbol*" lunatik run $own/broken
  misses $own/broken
}
point refuses "what runs already, is not there or does not compile is refused"

contexts() {
  local context states
  for context in process:1 softirq:"$(nproc)" hardirq:"$(nproc)"; do
    states=${context#*:} context=${context%:*}
    lunatik run $own/still "$context"
    has "*$own/still $context $states * 0 run running*" lua 'status()'
    lunatik stop $own/still
  done
  lunatik run $own/still softirq percpu
  has "*$own/still softirq $(nproc) * 0 percpu running*" lua 'status()'
  is true lua "require('lunatik')._ENV.percpu['$own/still'] ~= nil"
  lunatik stop $own/still
  fails "*percpu is for softirq and hardirq*" lunatik run $own/still process percpu
}
point contexts "a script has one state in process context, and one for each CPU elsewhere"

spawns() {
  lunatik spawn $own/waits
  lists $own/waits
  local pid
  pid=$(lua "require('lunatik')._ENV.threads['$own/waits']:task().pid")
  has "tests/runner/wa*" cat "/proc/$pid/comm"
  lunatik stop $own/waits
  [ ! -e "/proc/$pid" ] || die "thread $pid is left"
  misses $own/waits
}
point spawns "a spawned script is a kernel thread of its name, which ends with it"

replaces() {
  lunatik run $own/generation
  is 1 shared generation
  lunatik replace $own/generation
  is 2 shared generation
  shared 'refuses = true'
  fails "*refused on purpose*" lunatik replace $own/generation
  [ "$(running | grep -cx $own/generation)" = 1 ] || die "not one runs: $(running)"
  lunatik stop $own/generation
}
point replaces "a successor takes over, and one that does not load leaves its predecessor"

limits() {
  fails "*out of fuel*" lunatik run $own/spins --load-fuel 100000
  fails "*out of fuel*" lunatik run $own/spins softirq --load-fuel 100000
  fails "*not enough memory*" lunatik run $own/hoards --memory 500000
  fails "*out of range*" lunatik run $own/still --fuel 0
  misses $own/spins
  misses $own/hoards
}
point limits "fuel and memory end a script that has no end of its own"

reloads() {
  lunatik run $own/still
  is "" lunatik reload
  is "" lunatik list
  has "*lunatik: loaded*" lunatik status
  lunatik run $own/still
  lunatik stop $own/still
}
afterwards policies
point reloads "a reload stops all scripts, and takes all modules out and in"
