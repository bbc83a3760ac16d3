# SPDX-License-Identifier: MIT OR GPL-2.0-only
# Scripts come and go, and leave no byte behind.
insmod_all luarcu luadata luaskb luanetfilter

caches=/sys/kernel/slab
# look CACHE: how many $objects the cache holds, right after CPUs had to give back the pages that they take objects
# from, which count as full. Some may have taken others since.
look() {
  echo 1 > $caches/$1/shrink
  read -r objects places < $caches/$1/objects
}
# What the kernel's general memory holds of each size. The prompt's state, which keeps some of what it gave up for what
# comes next, is a fresh one.
held() {
  gives "" "shutdown()" > /dev/null
  for cache in $(cd $caches; echo kmalloc-*); do
    look $cache; first=$objects
    look $cache
    echo "$cache $((first < objects ? first : objects))"
  done
}
# What goes on holding more than that; some is freed only when RCU has a batch of it. The shell and the kernel come and
# go, too, but not a hundred times.
grown() {
  gives "" "shutdown()" > /dev/null
  while read -r cache before; do
    for turn in $(seq 15); do
      look $cache
      [ $((objects - before)) -gt 90 ] || continue 2
      sleep 1
    done
    echo "$cache: $((objects - before))"
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
grown=$(grown < /tmp/before)
[ -z "$grown" ] || die "100 rounds left objects in $grown"
gives "" "return list()"
logged 0 "leaked"
gives "" "shutdown()"
rmmod_all luarcu luadata luaskb luanetfilter
