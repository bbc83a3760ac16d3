# SPDX-License-Identifier: MIT OR GPL-2.0-only
# Scripts come and go, and leave no byte behind.
for module in luarcu luadata luaskb luanetfilter; do insmod /modules/$module.ko; done

# The bytes of the kernel's general memory that are in use, counted exactly.
held() {
  for cache in /sys/kernel/slab/kmalloc-*; do
    echo 1 > $cache/shrink
    echo "$(cat $cache/object_size) $(sed 's/ .*//' $cache/objects)"
  done | awk '{ bytes += $1 * $2 } END { print bytes }'
}

round() {
  evaluate "run('hello', 'softirq') run('requires') run('rt/holder') run('rt/counter', 'softirq')" || die "$1: $answer"
  evaluate "stop('hello') stop('requires') stop('rt/holder') stop('rt/counter')
    local env = require('lunatik')._ENV
    env.child, env.kept, env.counter = nil" || die "$1: $answer"
}
for i in 1 2 3 4 5; do round $i; done # what is made once is made
before=$(held)
for i in $(seq 100); do round $i; done
after=$(held)
echo "$before $after"
# The shell and the kernel come and go, too, but not a hundred times.
[ $((after - before)) -lt 6400 ] || die "100 rounds left $((after - before)) bytes"
gives "" "return list()"
logged 0 "leaked"
gives "" "shutdown()"
for module in luanetfilter luaskb luadata luarcu; do rmmod $module || die "cannot unload $module"; done
