# SPDX-License-Identifier: MIT OR GPL-2.0-only
# Scripts at an interface, before all else, and maps that they share with programs.
. ../library.sh
plan 7
own=tests/xdp
namespace left
namespace right
wire left right
stopped $own/{icmp,answers,counts,maps,none,fails}
afterwards 'rm -f /sys/fs/bpf/{counts,blocked,numbers,queue}'
answers() { inside left ping -q -c "${1:-1}" -i 0.1 -W 5 10.9.0.2; }
silent() { fails "*100% packet loss*" inside left ping -q -c 1 -W 1 10.9.0.2; }
xdp() { inside right lunatik xdp "$@"; }

at_interfaces() {
  answers
  xdp attach wire $own/icmp
  has "*wire * $own/icmp * native*" xdp show
  has "*xdp*" inside right ip link show wire
  silent
  xdp detach wire
  answers
  lists $own/icmp
  lacks "*xdp*" inside right ip link show wire
  lunatik stop $own/icmp
}
point at_interfaces "an attached script judges what arrives, until it is detached"

ends() {
  xdp attach wire $own/icmp
  silent
  lunatik stop $own/icmp
  answers
  lacks "*xdp*" inside right ip link show wire
}
point ends "a program goes with its script"

generic() {
  xdp attach wire $own/icmp --mode generic
  has "*wire * $own/icmp * generic*" xdp show
  has "*xdpgeneric*" inside right ip link show wire
  silent
  lunatik stop $own/icmp
  answers
}
point generic "generic mode is at hand, too"

replies() {
  xdp attach wire $own/answers --mode generic
  is "you said hello" inside left bash -c 'printf hello | timeout 10 socat -t 2 - UDP4:10.9.0.2:5300'
  answers
  lunatik stop $own/answers
}
point replies "a script answers for a server that is not there"

maps() {
  bpftool map create /sys/fs/bpf/counts type hash key 4 value 8 entries 16 name counts
  bpftool map create /sys/fs/bpf/blocked type hash key 4 value 1 entries 16 name blocked
  inside right lunatik run $own/counts softirq
  xdp attach wire $own/counts
  answers 3
  has "*value: 03 00 00 00 00 00 00 00*" bpftool map lookup pinned /sys/fs/bpf/counts key 10 9 0 1
  bpftool map update pinned /sys/fs/bpf/blocked key 10 9 0 1 value 1
  silent
  bpftool map delete pinned /sys/fs/bpf/blocked key 10 9 0 1
  answers
  has "*value: 04 00*" bpftool map lookup pinned /sys/fs/bpf/counts key 10 9 0 1
  lunatik stop $own/counts
}
point maps "a script counts in a map, and heeds what bpftool writes into another"

tables() {
  bpftool map create /sys/fs/bpf/numbers type array key 4 value 4 entries 4 name numbers
  bpftool map create /sys/fs/bpf/queue type queue value 4 entries 4 name queue
  bpftool map update pinned /sys/fs/bpf/numbers key 2 0 0 0 value 77 0 0 0
  bpftool map push pinned /sys/fs/bpf/queue value 5 0 0 0
  bpftool map push pinned /sys/fs/bpf/queue value 6 0 0 0
  holds $own/maps
  has "*value: 04 03 02 01*" bpftool map lookup pinned /sys/fs/bpf/numbers key 3 0 0 0
  has "*value: 06 00 00 00*" bpftool map pop pinned /sys/fs/bpf/queue
  has "*value: 07 00 00 00*" bpftool map dequeue pinned /sys/fs/bpf/queue
  rm /sys/fs/bpf/numbers
  fails "*there is no such file*" lunatik run $own/maps
}
point tables "maps are tables and queues for scripts, of the types that they have"

refuses() {
  fails "*there is no interface nowhere*" xdp attach nowhere $own/icmp
  fails "*attaches to XDP*" xdp attach wire $own/none
  misses $own/none
  xdp attach wire $own/icmp
  fails "*wire has $own/icmp already*" xdp attach wire $own/icmp
  lunatik stop $own/icmp
  xdp attach wire $own/fails --fail drop
  silent
  has "*fails.lua:2: on purpose*" lunatik status
  lunatik stop $own/fails
  xdp attach wire $own/fails --fail pass
  answers
  lunatik stop $own/fails
}
point refuses "what cannot be attached is refused, and a script that fails passes or drops as it was told"
