# SPDX-License-Identifier: MIT OR GPL-2.0-only
insmod /modules/luadata.ko
insmod /modules/luabyteorder.ko
for context in process softirq hardirq; do
  gives "" "run('bytes', '$context')"
  refuses rmmod luadata
  gives "" "stop('bytes')"
done
