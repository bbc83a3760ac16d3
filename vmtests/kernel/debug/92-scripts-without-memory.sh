# SPDX-License-Identifier: MIT OR GPL-2.0-only
# Whichever allocation fails while a script starts or stops, it runs or it does not, and nothing is left.
. /faults.sh
modules="luarcu luadata luabyteorder lualinux luacpu luapacket luaset lualpm luafifo luacompletion luabpf luaskb luanetfilter luaxdp"
insmod /modules/lunatik.ko
for module in $modules; do insmod /modules/$module.ko; done
mount -t bpf bpf /sys/fs/bpf
maps create /sys/fs/bpf/hash 1 4 8 16
in_modules

# It runs, or else the command said so.
after() {
  if [ $status = 0 ]; then
    gives "" "stop('$script')"
  else
    [ -s /tmp/said ] || die "the $turn. allocation failed, and nothing was said"
    gives "" "return list()"
  fi
  gives "" "return status()"
}
for script in faults/alone faults/family; do each lunatik run $script; done
for script in faults/hooks faults/shares; do each lunatik run $script softirq; done
script=faults/at_interface
each lunatik xdp attach lo $script --mode generic

# A stop that fails can be said again.
after() { [ $status = 0 ] || gives "" "stop('$script')"; gives "" "return status()"; evaluate "run('$script', 'softirq')" || die "$answer"; }
script=faults/hooks
gives "" "run('$script', 'softirq')"
each lunatik stop $script
gives "" "stop('$script')"

# What the prompt requires.
after() { gives "" "shutdown()"; }
for library in byteorder data set lpm rcu fifo completion mailbox linux cpu packet bpf bpf.map struct net util class; do
  echo "require('$library')" > /tmp/requires
  each dd if=/tmp/requires of=/dev/lunatik bs=1M
done
echo "return status(), list()" > /tmp/requires
each dd if=/tmp/requires of=/dev/lunatik bs=1M
echo "shutdown()" > /tmp/requires
each dd if=/tmp/requires of=/dev/lunatik bs=1M

gives "" "shutdown()"
umount /sys/fs/bpf
rmmod_last() { until rmmod luaxdp 2> /dev/null; do usleep 50000; done; }
rmmod_last
for module in luanetfilter luaskb luabpf luacompletion luafifo lualpm luaset luapacket luacpu lualinux luabyteorder luadata luarcu lunatik; do
  rmmod $module || die "cannot unload $module"
done
logged 0 "leaked"
