# SPDX-License-Identifier: MIT OR GPL-2.0-only
# What a policy says of a frame here is what it says in the simulator, and the frame has the same bytes afterwards: for
# each shipped policy as a router has it, one that reads all there is to read, and frames that no host would send, in buffers that are cut anywhere.
frames=$(sed -n 's/.*\bstorm=\([0-9]*\).*/\1/p' /proc/cmdline)
frames=${frames:-10000}
. /network.sh
# The streams of a policy are per CPU.
one_cpu
ip link set left address 02:00:00:00:00:01
insmod_all luadata lualinux luapacket luaset lualpm luaskb luanetfilter judge
mount --bind /verdicts/lib/modules/lua/policies /lib/modules/lua/policies
at_exit "umount /lib/modules/lua/policies"

grep -v '^#' /verdicts/etc/lunagate/policies > /tmp/policies
while read -r script context options; do
  name=${script#policies/}; name=${name%/*}
  set -- $(for option in $options; do echo "--${option%%=*} ${option#*=}"; done)
  lunatik run $script $context "$@" --faults 0 || die "$name does not run"
  verdicts 02:00:00:00:00:01 $frames 7 /verdicts/verdicts/$name > /tmp/verdicts || {
    head -n 1 /tmp/verdicts
    die "$name: another verdict, or other bytes, than on the host"
  }
  gives "" "stop('$script')"
done < /tmp/policies

# A test that can fail: other frames have other verdicts.
lunatik run $script $context "$@" || die "$name does not run"
! verdicts 02:00:00:00:00:01 1000 8 /verdicts/verdicts/$name > /tmp/verdicts || die "any verdicts are the expected ones"
gives "" "stop('$script')"
