# SPDX-License-Identifier: MIT OR GPL-2.0-only
insmod_all luadata luabyteorder
for context in process softirq hardirq; do
  gives "" "run('bytes', '$context')"
  refuses rmmod luadata
  gives "" "stop('bytes')"
done
