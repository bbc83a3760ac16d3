# SPDX-License-Identifier: MIT OR GPL-2.0-only
# Boot a guest in which attacks judge packets, and say what they cost.
lua=tree/usr/lib/modules/lua
mkdir -p $lua/attack
install -m 755 $src/tools/meter/guest/worst/init tree/
cp $src/tools/meter/guest/worst/clock.lua $lua/
bash $src/vmtests/kernel/attacks.sh $src/tools/kernel-lua/attack $src/vmtests/kernel/attack $lua/attack
echo 'require("attack.hooked")(function() return 1 end)' > $lua/nothing.lua
(cd tree; find . | LC_ALL=C sort | $busybox/usr/bin/busybox cpio -o -H newc 2> /dev/null) > own
$meter/bin/measure $kernel/bzImage ${archives// //archive }/archive own > results
mkdir $out
grep -v '^end$' results | sort -k 2 -n -r > $out/results
