# SPDX-License-Identifier: MIT OR GPL-2.0-only
# The library `packet`, in every context; the scripts in packet/ are the host's tests, too.
insmod_all luadata luapacket luaset
for context in process softirq hardirq; do
  for name in packet/headers packet/leaves packet/names; do
    gives "" "run('$name', '$context', { load_fuel = 1000000000 })"
    gives "" "stop('$name')"
  done
done
rmmod_all luadata luapacket luaset
