# SPDX-License-Identifier: MIT OR GPL-2.0-only
# Whichever allocation fails while a script starts or stops, it runs or it does not, and nothing is left.
. /faults.sh
modules="luarcu luadata luabyteorder lualinux luacpu luapacket luaset lualpm luafifo luacompletion luabpf luaskb luanetfilter luaxdp"
insmod /modules/lunatik.ko
for module in $modules; do insmod /modules/$module.ko; done
mount -t bpf bpf /sys/fs/bpf
maps create /sys/fs/bpf/hash 1 4 8 16
in_modules

# chunks CHUNK AFTER [BEFORE]: see nth
chunks() { count=$(nth "$@" 2>&1) || die "$count"; echo "<6>  $count allocations of $1 failed, one at a time" > /dev/kmsg; }
nothing="assert(status() == '', status())"
for script in "'faults/alone'" "'faults/family'" "'faults/hooks', 'softirq'" "'faults/shares', 'softirq'"; do
  name=${script%%,*}
  chunks "run($script)" "assert((list() == $name) == ran, list()) if ran then stop($name) end $nothing"
done
# A stop that fails can be said again.
chunks "stop('faults/hooks')" "if not ran then stop('faults/hooks') end $nothing" "run('faults/hooks', 'softirq')"
chunks "return status(), list()" "$nothing"

# What the prompt requires.
for library in byteorder data set lpm rcu fifo completion mailbox linux cpu packet bpf bpf.map struct net util class; do
  chunks "require('$library')" "shutdown()"
done
chunks "shutdown()" "shutdown()"

# By the command, to an interface.
script=faults/at_interface
after() {
  if [ $status = 0 ]; then
    gives "" "stop('$script')"
  else
    [ -s /tmp/said ] || die "the $turn. allocation failed, and nothing was said"
  fi
  gives "" "return status()"
}
each lunatik xdp attach lo $script --mode generic

gives "" "shutdown()"
umount /sys/fs/bpf
until rmmod luaxdp 2> /dev/null; do usleep 50000; done
for module in luanetfilter luaskb luabpf luacompletion luafifo lualpm luaset luapacket luacpu lualinux luabyteorder luadata luarcu lunatik; do
  rmmod $module || die "cannot unload $module"
done
logged 0 "leaked"
