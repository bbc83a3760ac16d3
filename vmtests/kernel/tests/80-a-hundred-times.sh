# SPDX-License-Identifier: MIT OR GPL-2.0-only
# Scripts come and go, and leave no byte behind.
insmod_all luarcu luadata luaskb luanetfilter

# How many objects the kernel's general memory holds of each size. A page that a CPU takes them from counts as full, so
# it is the least of what is seen right after CPUs had to give theirs back. The prompt's state, which keeps some of what
# it gave up for what comes next, is a fresh one.
held() {
  gives "" "shutdown()" > /dev/null
  for cache in /sys/kernel/slab/kmalloc-*; do
    for look in 1 2 3 4 5; do
      echo 1 > $cache/shrink
      read -r objects places < $cache/objects
      echo $objects
    done | sort -n | sed "s/^/${cache##*/} /; q"
  done
}

round() {
  evaluate "run('hello', 'softirq') run('requires') run('rt/holder') run('rt/counter', 'softirq')" || die "$1: $answer"
  evaluate "stop('hello') stop('requires') stop('rt/holder') stop('rt/counter')
    local env = require('lunatik')._ENV
    env.child, env.kept, env.counter = nil" || die "$1: $answer"
}
for i in 1 2 3 4 5; do round $i; done # what is made once is made
held > /tmp/before
for i in $(seq 100); do round $i; done
held > /tmp/after
# The shell and the kernel come and go, too, but not a hundred times.
grown=$(paste /tmp/before /tmp/after | awk '$4 - $2 > 90 { print $1 ": " $4 - $2 }')
[ -z "$grown" ] || die "100 rounds left objects in $grown"
gives "" "return list()"
logged 0 "leaked"
gives "" "shutdown()"
rmmod_all luarcu luadata luaskb luanetfilter
