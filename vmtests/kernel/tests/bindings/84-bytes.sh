# SPDX-License-Identifier: MIT OR GPL-2.0-only
insmod_all luadata luabyteorder
for context in process softirq hardirq; do
  gives "" "run('bytes', '$context')"
  refuses rmmod luadata
  gives "" "stop('bytes')"
done
# What the kernel has not in one piece is the script's loss, and no news for the log.
cat > /lib/modules/lua/piece.lua << 'END'
local ok, problem = pcall(require("data").new, 32 << 20)
assert(not ok and problem:find("not enough memory", 1, true), problem)
END
gives "" "run('piece', 'process', { memory = 64 << 20 }) stop('piece')"
logged 0 "WARNING"
