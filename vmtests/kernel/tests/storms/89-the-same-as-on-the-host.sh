# SPDX-License-Identifier: MIT OR GPL-2.0-only
# What a policy says of a frame here is what it says in the simulator, and the frame has the same bytes afterwards: for
# each shipped policy as a router has it, one that reads all there is to read, and frames that no host would send, in buffers that are cut anywhere.
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
insmod_all luadata lualinux luapacket luaset lualpm luarcu luaskb luanetfilter
insmod /modules/judge.ko in=eth1 out=eth0
at_exit "rmmod judge"
mount --bind /verdicts/lib/modules/lua/policies /lib/modules/lua/policies
at_exit "umount /lib/modules/lua/policies"

grep -v '^#' /verdicts/etc/lunagate/policies > /tmp/policies
while read -r script context options; do
  name=${script#policies/}; name=${name%/*}
  set -- $(for option in $options; do echo "--${option%%=*} ${option#*=}"; done)
  lunatik run $script $context "$@" --faults 0 || die "$name does not run"
  verdicts 02:00:00:00:00:01 $frames 7 /verdicts/verdicts/$name > /tmp/verdicts || {
    cat /tmp/verdicts
    die "$name: another verdict, or other bytes, than on the host"
  }
  gives "" "stop('$script')"
done < /tmp/policies

# A test that can fail: other frames have other verdicts.
script=policies/everything/main
lunatik run $script softirq --fuel 200000 || die "$script does not run"
! verdicts 02:00:00:00:00:01 1000 8 /verdicts/verdicts/everything > /tmp/verdicts || die "any verdicts are the expected ones"
gives "" "stop('$script')"
