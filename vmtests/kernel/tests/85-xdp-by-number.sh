# SPDX-License-Identifier: MIT OR GPL-2.0-only
# Programs without an eBPF author call a script by number; the kernel holds their links for it.
. /network.sh
. /xdp.sh
insmod_xdp
index=$(cat /sys/class/net/left/ifindex)
links() { evaluate "return require('xdp').links()" || die "$answer"; }
shows() { links; [ "$answer" = "$1" ] || die "expected the links '$1', got '$answer'"; }
number() { evaluate "return require('xdp').id('xdp/number')" || die "$answer"; number=$answer; }
is_free() { ! /usr/bin/ip link show dev left | grep -q xdp; }

# program: loads it, and an interface of its own keeps it
ip link add name spare type veth
ip link set veth0 name keeper
ip link set spare up
program() { iproute -force link set dev keeper xdpgeneric obj /bpf/number.o program number; }
unload() { iproute link set dev keeper xdpgeneric off; }
# hold INTERFACE MODE: links the program, in a task of its own
hold() {
  program
  echo "require('xdp').hold($number, 9)" > /tmp/hold
  /bpf/link $1 $2 $number dd if=/tmp/hold of=/dev/lunatik bs=1M 2> /tmp/problem && result=0 || result=$?
  unload
  return $result
}

gives "" "return require('xdp').links()"
fails "$EINVAL" "*xdp/number: no running script*xdp.attach*" "return require('xdp').id('xdp/number')"
fails "$EINVAL" "*no XDP link*" "require('xdp').hold(1, 0)"
fails "$EINVAL" "*no XDP link*" "require('xdp').hold(1, -1)"
fails "$EINVAL" "*no link is held on interface $index*" "require('xdp').release($index)"

for mode in generic native; do
  gives "" "run('xdp/number', 'softirq')"
  number
  hold left $mode || die "$mode: $(cat /tmp/problem)"
  shows "xdp/number $index left $mode attached"
  answers 1 || die "$mode: an accepted packet is lost"
  silent 2
  # failures pass, unless the script says otherwise; REDIRECT without xdp.redirect is one
  for case in 3 4 5 6 7; do answers $case || die "$mode: case $case: expected the fail verdict"; done
  answers 1 || die "$mode: a script that failed does not recover"
  ! hold left $mode || die "$mode: one interface, two links"
  shows "xdp/number $index left $mode attached"

  # the script ends, and its program leaves the interface
  gives "" "stop('xdp/number')"
  is_free || die "$mode: a stopped script's program stays"
  shows ""
  answers 2 || die "$mode: a stopped script decides"

  old=$number
  gives "" "run('xdp/number', 'softirq', { fail = 'drop' })"
  number
  [ "$number" != "$old" ] || die "numbers are used again"
  hold left $mode || die "$mode: $(cat /tmp/problem)"
  answers 1 || die "$mode: an accepted packet is lost"
  silent 2 3 4 5 6
  answers 7 || die "$mode: xdp.redirect and another action"
  evaluate "require('xdp').release($index)" || die "$answer"
  is_free || die "$mode: a released program stays"
  shows ""
  answers 2 || die "$mode: a released program decides"

  # detached, it decides nothing any more
  hold left $mode || die "$mode: $(cat /tmp/problem)"
  answers 8 || die "$mode: case 8"
  for case in 2 3; do answers $case || die "$mode: a detached function decides case $case"; done
  fails "$EINVAL" "*no running script*" "return require('xdp').id('xdp/number')"
  gives "" "stop('xdp/number')"
  is_free || die "$mode: a detached script's program stays"
done

# A number of the past is refused, and a program that has it lets packets pass.
number=$old
! hold left native || die "held for a script that has stopped"
answers 2 || die "an old number decides"
is_free || die "a refused link stays"
program
/bpf/link left native $old sh -c 'exec taskset 1 nsenter --net=/tmp/left ping -c 1 -W 5 -s 102 10.1.0.1' > /tmp/ping || die "an old number decides"
unload

# Whoever else has the link, its program goes with the script; a new name is the interface's.
gives "" "run('xdp/number', 'softirq')"
number
program
mkfifo /tmp/wait
echo "require('xdp').hold($number, 9)" > /tmp/hold
/bpf/link left native $number sh -c '
  cat /tmp/hold > /dev/lunatik
  # once is enough
  ! cat /tmp/hold > /dev/lunatik 2> /dev/null && grep -q "left is held already, for script [0-9]" /dev/lunatik && cat /tmp/wait
' & holder=$!
turns=0
until links && [ -n "$answer" ]; do turns=$((turns + 1)); [ $turns -lt 100 ] || die "the link is not held"; usleep 50000; done
unload
gives "" "stop('xdp/number')"
is_free || die "a program stays as long as somebody has its link"
echo > /tmp/wait
wait $holder || die "a link is held twice"

gives "" "run('xdp/number', 'softirq')"
number
hold left native || die "$(cat /tmp/problem)"
iproute link set left down
iproute link set left name links
shows "xdp/number $index links native attached"
iproute link set links name left
iproute link set left up
iproute address replace 10.1.0.1/24 dev left
answers 1 || die "after a new name"

# The interface goes: its line says so, and another can be attached.
ip link add name short type veth
ip link set short up
hold short generic || die "$(cat /tmp/problem)"
ip link delete short
shows "xdp/number $index left native attached
xdp/number 0 - - detached"
hold spare native || die "$(cat /tmp/problem)"
shows "xdp/number $index left native attached
xdp/number $(cat /sys/class/net/spare/ifindex) spare native attached"

# 100 times, under traffic on both CPUs
gives "" "stop('xdp/number')"
shows ""
at left taskset 1 ping -i 0.003 -s 101 -c 500 -W 5 10.1.0.1 > /tmp/first & first=$!
at left taskset 2 ping -i 0.003 -s 101 -c 500 -W 5 10.1.0.1 > /tmp/second & second=$!
program
for turn in $(seq 100); do
  gives "" "run('xdp/number', 'softirq')"
  number
  echo "require('xdp').hold($number, 9)" > /tmp/hold
  /bpf/link left generic $number dd if=/tmp/hold of=/dev/lunatik bs=1M 2> /tmp/problem || die "$turn: $(cat /tmp/problem)"
  gives "" "stop('xdp/number')"
done
unload
wait $first && wait $second || die "packets were lost: $(tail -n 2 /tmp/first /tmp/second)"
grep -q ' 0% packet loss' /tmp/first && grep -q ' 0% packet loss' /tmp/second || die "$(tail -n 2 /tmp/first /tmp/second)"

# The driver's state forgets the module when all ends.
refuses rmmod luaxdp
gives "" "run('xdp/number', 'softirq') shutdown()"
gives "" "return list()"
ip link delete spare
rmmod_xdp
detach left right
