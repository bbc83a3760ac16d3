# SPDX-License-Identifier: MIT OR GPL-2.0-only
# The module `linux`, and constants that the headers gave. Scripts require it, not chunks
# of the driver, so that it can be unloaded at the end.
insmod_all lualinux
lua=/lib/modules/lua
{ echo "CPUS, LO = $(grep -c ^processor /proc/cpuinfo), $(cat /sys/class/net/lo/ifindex)"
  cat $lua/linux_functions.lua; } > $lua/functions_here.lua
gives "" "run('functions_here')"
gives "" "stop('functions_here')"

# Every generated file loads and has something in it.
for file in $(find $lua/linux -name '*.lua'); do
  name=${file#$lua/}; name=$(echo "${name%.lua}" | tr / .)
  echo "assert(next(require('$name')) ~= nil, '$name')"
done > $lua/constants_all.lua
[ "$(wc -l < $lua/constants_all.lua)" -gt 50 ] || die "constants are missing"
cat $lua/linux_constants.lua >> $lua/constants_all.lua
gives "" "run('constants_all', 'softirq')"
gives "" "stop('constants_all')"

# What sleeps is not for packet hooks' scripts.
echo "require('linux').schedule(1)" > $lua/sleeper.lua
fails "$EINVAL" "*may sleep*" "run('sleeper', 'softirq')"
rmmod_all lualinux
