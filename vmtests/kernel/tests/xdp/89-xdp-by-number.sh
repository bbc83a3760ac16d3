# SPDX-License-Identifier: MIT OR GPL-2.0-only
# Programs without an eBPF author call a script by number; the kernel holds their links for it.
. /network.sh
. /xdp.sh
insmod_all $xdp
# The other end takes what native mode would send.
receives left
mount -t bpf bpf /sys/fs/bpf
at_exit 'umount /sys/fs/bpf'
index=$(cat /sys/class/net/left/ifindex)
shows() { gives "$1" "return require('xdp').links()"; }
number() { evaluate "return require('xdp').id('xdp/number')" || die "$answer"; number=$answer; }
is_free() { ! iproute link show dev left | grep -q xdp; }

shows ""
fails "$EINVAL" "*xdp/number: no running script*xdp.attach*" "return require('xdp').id('xdp/number')"
fails "$EINVAL" "*no XDP link*" "require('xdp').hold(0, 1)"
fails "$EINVAL" "*no XDP link*" "require('xdp').hold(-1, 1)"
fails "$EINVAL" "*no number of a script*" "require('xdp').hold(0)"
fails "$EINVAL" "*no number of a script*" "require('xdp').hold(0, 0)"
fails "$EINVAL" "*8 scripts at most*" "require('xdp').hold(0, 1, 2, 3, 4, 5, 6, 7, 8, 9)"
fails "$EINVAL" "*integer expected*" "require('xdp').hold(0, 1, {})"
fails "$EINVAL" "*no link is held on interface $index*" "require('xdp').release($index)"

for mode in generic native; do
  lunatik xdp attach left xdp/number --mode $mode
  shows "xdp/number $index left $mode attached"
  answers 1 || die "$mode: an accepted packet is lost"
  silent 2
  # failures pass, unless the script says otherwise; REDIRECT without xdp.redirect is one
  for case in 3 4 5 6 7; do answers $case || die "$mode: case $case: expected the fail verdict"; done
  answers 1 || die "$mode: a script that failed does not recover"
  gives "" "stop('xdp/number')"
  is_free || die "$mode: a stopped script's program stays"
  shows ""
  answers 2 || die "$mode: a stopped script decides"

  lunatik xdp attach left xdp/number --mode $mode --fail drop
  answers 1 || die "$mode: an accepted packet is lost"
  silent 2 3 4 5 6
  answers 7 || die "$mode: xdp.redirect and another action"
  gives "" "require('xdp').release($index)"
  is_free || die "$mode: a released program stays"
  shows ""
  answers 2 || die "$mode: a released program decides"

  # detached, it decides nothing any more
  lunatik xdp attach left xdp/number --mode $mode
  answers 8 || die "$mode: case 8"
  for case in 2 3; do answers $case || die "$mode: a detached function decides case $case"; done
  fails "$EINVAL" "*no running script*" "return require('xdp').id('xdp/number')"
  gives "" "stop('xdp/number')"
  is_free || die "$mode: a detached script's program stays"
done

# A number of nobody
attach_program unknown native
for case in 1 2; do answers $case || die "a number of nobody decides"; done
detach_program native

# hold NUMBER: holds the pinned link for a script, in a task that has it
link=/sys/fs/bpf/link
hold() {
  echo "require('xdp').hold(9, $1)" > /tmp/hold
  maps with $link sh -c 'dd if=/tmp/hold bs=1M 2> /tmp/problem > /dev/lunatik' || { answer=$(cat /dev/lunatik); return 1; }
}
maps link $link $index
gives "" "run('xdp/number', 'softirq')"
number
old=$number
gives "" "stop('xdp/number') run('xdp/number', 'softirq')"
number
[ "$number" != "$old" ] || die "numbers are used again"
for wrong in $old -1; do
  ! hold $wrong || die "held for a script that does not run"
  case $answer in *"script $wrong has stopped"*) ;; *) die "$answer" ;; esac
done
hold $number || die "$answer"
hold $number || die "said again: $answer"
! hold "$number, $old" || die "held for a script that does not run, too"
shows "xdp/number $index left native attached"
# Whoever else has the link: its program goes with the script.
gives "" "stop('xdp/number')"
is_free || die "a program stays as long as somebody has its link"
gives "" "run('xdp/number', 'softirq')"
number
! hold $number || die "a link without an interface is held"
case $answer in *"attached to no interface"*) ;; *) die "$answer" ;; esac
rm $link
gives "" "stop('xdp/number')"

# The interface goes: its line says so until another is held.
ip link add name short type veth
ip link set short up
lunatik xdp attach short xdp/number --mode native
lunatik xdp attach left xdp/number --mode native
ip link delete short
shows "xdp/number 0 - - detached
xdp/number $index left native attached"
gives "" "require('xdp').release($index)"
lunatik xdp attach left xdp/number --mode native
shows "xdp/number $index left native attached"
gives "" "stop('xdp/number')"

# 100 times, under traffic on both CPUs
at left taskset 1 ping -i 0.02 -s 101 -c 500 -W 5 10.1.0.1 > /tmp/first & first=$!
at left taskset 2 ping -i 0.02 -s 101 -c 500 -W 5 10.1.0.1 > /tmp/second & second=$!
for turn in $(seq 100); do
  lunatik xdp attach left xdp/number --mode generic || die "$turn"
  gives "" "stop('xdp/number')"
done
wait $first && wait $second || die "packets were lost: $(tail -n 2 /tmp/first /tmp/second)"
grep -q ' 0% packet loss' /tmp/first && grep -q ' 0% packet loss' /tmp/second || die "$(tail -n 2 /tmp/first /tmp/second)"

# The driver's state forgets the module when all ends.
refuses rmmod luaxdp
gives "" "run('xdp/number', 'softirq') shutdown()"
gives "" "return list()"
rmmod_all $xdp
