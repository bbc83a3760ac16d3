# SPDX-License-Identifier: MIT OR GPL-2.0-only
# Every attack on the virtual machine, as a body in process and in softirq context, and as a hook under real packets.
. /under_attack.sh
count=0
for attack in $lua/attack/library/*.lua; do
  name=library/${attack##*/}; name=${name%.lua}
  body $name process any
  body $name softirq any
  hooked $name any
  count=$((count + 1))
done
[ $count -gt 80 ] || die "the attacks are missing: $count"
# All but a few need more than a packet's fuel.
[ $all_faults -gt $((count * 3 / 4)) ] || die "$all_faults of $count attacks failed in hooks: is the packet's fuel charged?"
guarded

# The packet sees the fail verdict.
for attack in a01_while a13_pat1 a22_concat; do
  gives "" "run('attack/hook/library/$attack', 'softirq', { fail = 'drop' })"
  ! ping -c 1 -W 1 127.0.0.66 > /tmp/ping || die "$attack: a hook that fails does not drop"
  [ "$(faults attack/hook/library/$attack)" = 1 ] || die "$attack: the fault is not counted: $answer"
  ping -c 1 -W 5 127.0.0.78 > /tmp/ping || die "$attack: it drops more than it is asked about"
  gives "" "stop('attack/hook/library/$attack')"
done
guarded
