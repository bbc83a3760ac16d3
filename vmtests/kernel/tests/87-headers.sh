# SPDX-License-Identifier: MIT OR GPL-2.0-only
# The library `packet`, in every context; the scripts in packet/ are the host's tests, too.
for module in luadata luapacket luaset; do insmod /modules/$module.ko; done
for context in process softirq hardirq; do
  for name in packet/headers packet/leaves packet/names; do
    gives "" "run('$name', '$context', { load_fuel = 1000000000 })"
    gives "" "stop('$name')"
  done
done
for module in luaset luapacket luadata; do rmmod $module || die "cannot unload $module"; done
