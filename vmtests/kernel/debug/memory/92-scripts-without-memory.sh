# SPDX-License-Identifier: MIT OR GPL-2.0-only
# Whichever allocation fails while a script starts or stops, it runs or it does not, and nothing is left.
. /faults.sh
insmod_all lunatik $bindings
mount -t bpf bpf /sys/fs/bpf
maps create /sys/fs/bpf/hash 1 4 8 16
# chunks all|some CHUNK AFTER [BEFORE]: see nth
chunks() { count=$(nth "$@" 2>&1) || die "$count"; echo "<6>  $count allocations of $2 failed, one at a time" > /dev/kmsg; }
nothing="assert(status() == '', status())"
# starts HOW RUN: a script, with the arguments that run gets
starts() { chunks $1 "run($2)" "assert((list() == ${2%%,*}) == ran, list()) if ran then stop(${2%%,*}) end $nothing"; }
scripts() { for script in "'faults/alone'" "'faults/family'" "'faults/tasks'" "'faults/governor'" "'faults/flows'" "'faults/hooks', 'softirq'" "'faults/rules', 'softirq', { single = true }" "'faults/shares', 'softirq'" "'faults/probes', 'hardirq'" "'faults/input', 'softirq'"; do starts $1 "$script"; done; }
libraries="for name in ('byteorder data set lpm rcu fifo completion mailbox thread device notifier signal io probe syscall hid linux cpu cpufreq conntrack packet bpf bpf.map netlink.channel socket socket.inet socket.unix socket.raw crypto crypto.hkdf darken struct net util class'):gmatch('%S+') do
  require(name) end"

# What the bindings allocate, each.
in_modules 'lua*'
scripts all
chunks all "$libraries" "shutdown()"
# What lunatik.ko does: each for a script that uses nothing else.
in_modules 'lu[an]*'
starts all "'faults/child'"
scripts some
# A stop that fails can be said again.
chunks some "stop('faults/hooks')" "if not ran then stop('faults/hooks') end $nothing" "run('faults/hooks', 'softirq')"
# Whether it is replaced or not, one runs.
chunks some "replace('faults/hooks', 'softirq')" "assert(list() == 'faults/hooks', list()) stop('faults/hooks') $nothing" "run('faults/hooks', 'softirq')"
chunks some "$libraries" "shutdown()"
chunks all "return status(), list()" "$nothing"
chunks all "shutdown()" "shutdown()"

# By the command, to an interface.
script=faults/at_interface
after() {
  if [ $status = 0 ]; then
    gives "" "stop('$script')"
  else
    [ -s /tmp/said ] || die "the $turn. allocation failed, and nothing was said"
  fi
  evaluate "return status()" || die "$answer"
  [ -z "$answer" ] || die "the $turn. allocation failed, '$(cat /tmp/said)', and what runs is $answer"
}
in_modules 'lua*'
each lunatik xdp attach lo $script --mode generic
in_modules 'lu[an]*'
growing=1
each lunatik xdp attach lo $script --mode generic

# To the sockets of a server, who serves as before if it cannot be set.
ip link set lo up
echo welcome > /tmp/welcome
httpd -f -p 127.0.0.1:8080 -h /tmp & server=$!
at_exit 'kill $server 2> /dev/null || true'
asked() { wget -q -T 60 -O - http://127.0.0.1:8080/welcome > /tmp/served 2> /dev/null; }
serves() { for again in $(seq 250); do ! asked || return 0; usleep 20000; done; die "the server does not come up"; }
serves
after() {
  if [ $status = 0 ]; then
    gives "" "stop('filters/http')"
  else
    [ -s /tmp/said ] || die "the $turn. allocation failed, and nothing was said"
    asked || die "the $turn. allocation failed, '$(cat /tmp/said)', and the server serves nobody"
  fi
  # What is of the socket goes with it.
  kill $server
  wait $server || true
  for again in $(seq 500); do
    evaluate "return status()" || die "$answer"
    [ -n "$answer" ] || break
    usleep 20000
  done
  [ -z "$answer" ] || die "the $turn. allocation failed, and what runs is $answer"
  httpd -f -p 127.0.0.1:8080 -h /tmp & server=$!
  serves
}
each lunatik filter filters/http http --port 8080

gives "" "shutdown()"
umount /sys/fs/bpf
rmmod_all lunatik $bindings
logged 0 "leaked"
