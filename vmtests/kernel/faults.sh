# SPDX-License-Identifier: MIT OR GPL-2.0-only
# Allocations that fail, by the kernel's fault injection: what tests of the debug flavour are
# written with.
faults=/sys/kernel/debug
kinds="failslab fail_page_alloc fail_usercopy"
for kind in $kinds; do
  # A failure on purpose is no news.
  echo 0 > $faults/$kind/verbose
  # None is spared for its flags or its size.
  for spared in ignore-gfp-wait ignore-gfp-highmem; do
    [ ! -e $faults/$kind/$spared ] || echo N > $faults/$kind/$spared
  done
done
echo 0 > $faults/fail_page_alloc/min-order
# Nor is what kmemleak notes of an allocation an allocation that counts.
set -- $(grep -A 1 -m 1 ' __alloc_object$' /proc/kallsyms | sed 's/ .*//; s/^/0x/')
for kind in $kinds; do
  echo $1 > $faults/$kind/reject-start
  echo $2 > $faults/$kind/reject-end
done
at_exit 'between 0 0xffffffffffffffff; spare'

# between START END: only allocations fail that code between these addresses leads to
between() {
  for kind in $kinds; do
    echo $1 > $faults/$kind/require-start
    echo $2 > $faults/$kind/require-end
  done
}

# in_modules PATTERN: that code is the modules' whose names match
in_modules() {
  low=0 high=-0xffffffff
  while read -r name size users by state address taint; do
    case $name in
      $1)
        # Addresses are negative numbers.
        [ $((address)) -ge $((low)) ] || low=$address
        [ $((address + size)) -le $((high)) ] || high=$((address + size))
        ;;
    esac
  done < /proc/modules
  between $low "$(printf '0x%x' $((high)))"
}

# in_function NAME: it is one of the kernel's functions
in_function() {
  between $(grep -A 1 -m 1 " [tT] $1\$" /proc/kallsyms | sed 's/ .*//; s/^/0x/')
}

# failing NUMBER COMMAND...: runs it while the allocation of this number fails, with its $status, and what
# it says in /tmp/said; whether there was an allocation of that number
failing() {
  number=$1; shift
  for kind in $kinds; do echo 1000 > $faults/$kind/times; done
  status=0
  sh -c 'echo $0 > /proc/self/fail-nth; exec "$@"' $number "$@" > /tmp/said 2>&1 || status=$?
  [ $status -lt 126 ] || die "the $number. allocation of '$*' failed, and it ended with $status: $(cat /tmp/said)"
  left=
  for kind in $kinds; do left="$left $(cat $faults/$kind/times)"; done
  [ "$left" != " 1000 1000 1000" ]
}

# each COMMAND...: runs it while its first allocation fails, then while its second does, until there are
# no more; `after` is called each time. Without a failure it must succeed. With `growing=1` it leaves out ever
# more of the later ones.
growing=0
each() {
  turn=1
  while failing $turn "$@"; do
    after
    turn=$((turn + 1 + growing * turn / 16))
  done
  [ $status = 0 ] || die "'$*' fails without a reason: $(cat /tmp/said)"
  after
  echo "<6>  allocations of '$*' failed one at a time, up to number $((turn - 1))" > /dev/kmsg
  [ $turn -gt 1 ] || die "'$*' allocates nothing"
}

# spoil INTERVAL [PERCENT]: from here on each allocation of this number fails, or so many of them
spoil() {
  for kind in failslab fail_page_alloc; do
    echo -1 > $faults/$kind/times
    echo $1 > $faults/$kind/interval
    echo ${2-100} > $faults/$kind/probability
  done
}

# spoiling: until `spare`, every allocation fails, then every second, every third, ..., then any
spoiling() {
  rm -f /tmp/spared
  while [ ! -e /tmp/spared ]; do
    for interval in $(seq 150); do
      [ ! -e /tmp/spared ] || break
      spoil $interval
      usleep 20000
    done
    spoil 1 20
    usleep 500000
  done &
  spoiler=$!
}
spoiler=
spare() {
  touch /tmp/spared
  [ -z "$spoiler" ] || wait $spoiler
  spoiler=
  for kind in $kinds; do echo 0 > $faults/$kind/probability; done
}
