# SPDX-License-Identifier: MIT OR GPL-2.0-only
# Libraries in Lua, in every context; the scripts in lib/ are the host's tests, too.
for context in process softirq hardirq; do
  for file in /lib/modules/lua/lib/*.lua /lib/modules/lua/struct_layouts.lua; do
    name=${file#/lib/modules/lua/}; name=${name%.lua}
    gives "" "run('$name', '$context')"
    gives "" "stop('$name')"
  done
done
