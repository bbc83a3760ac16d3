# SPDX-License-Identifier: MIT OR GPL-2.0-only
# What a policy says of a frame here is what it says in the simulator, and the frame has the same bytes afterwards: for
# each shipped policy as a router has it, and those that do all there is to do; frames that no host would send, and packets
# of flows that hosts have, in buffers that are cut anywhere.
frames=$(sed -n 's/.*\bstorm=\([0-9]*\).*/\1/p' /proc/cmdline)
frames=${frames:-10000}
# The streams of a policy are per CPU.
one_cpu
# The router's ports, as the simulator has them: frames come from the LAN.
for port in eth0 eth1; do
  ip link add name ${port}-end type veth
  ip link set veth0 name $port
  at_exit "ip link delete $port"
  ip link set $port up; ip link set ${port}-end up
done
ip link set eth1 address 02:00:00:00:00:01
ip link set eth0 address 02:00:00:00:00:02
flows_stay
insmod_all luabyteorder luadata lualinux luapacket luaset lualpm luarcu luaskb luanetfilter luaxdp
insmod /modules/judge.ko in=eth1 out=eth0
at_exit "rmmod judge"
mount --bind /verdicts/lib/modules/lua/policies /lib/modules/lua/policies
at_exit "umount /lib/modules/lua/policies"

grep -v '^#' /verdicts/etc/lunagate/policies > /tmp/policies
while read -r script context options; do
  name=${script#policies/}; name=${name%/*}
  set -- $(for option in $options; do echo "--${option%%=*} ${option#*=}"; done)
  for expected in /verdicts/*/$name; do
    place=${expected#/verdicts/}; place=${place%/*}
    lunatik run $script $context "$@" --faults 0 || die "$name does not run"
    [ $place != xdp ] || lunatik xdp attach eth1 $script --mode generic || die "$name is not at XDP"
    verdicts $place 02:00:00:00:00:01 $frames 7 $expected > /tmp/verdicts || {
      cat /tmp/verdicts
      die "$name at $place: another verdict, or other bytes, than on the host"
    }
    gives "" "stop('$script')"
  done
done < /tmp/policies

# A test that can fail: other frames have other verdicts.
other() {
  lunatik run policies/$2/main softirq --fuel 200000 || die "$2 does not run"
  [ $1 != xdp ] || lunatik xdp attach eth1 policies/$2/main --mode generic || die "$2 is not at XDP"
  ! verdicts $1 02:00:00:00:00:01 1000 8 /verdicts/$1/$2 > /tmp/verdicts || die "any verdicts of $2 are the expected ones"
  gives "" "stop('policies/$2/main')"
}
other hook everything
other flows everything-of-flows
other xdp everything-at-xdp
