# SPDX-License-Identifier: MIT OR GPL-2.0-only
# Boot a guest that measures $plan.
mkdir tree
cp -r --no-preserve=mode $src/tools/meter/guest/columns tree/columns
echo "$plan" > tree/plan
(cd tree; find . | LC_ALL=C sort | $busybox/usr/bin/busybox cpio -o -H newc 2> /dev/null) > cells
[ -z "$profiler" ] || export LUNAGATE_PROFILER=$profiler/lib/libprofiler.so
$meter/bin/measure $kernel/bzImage ${archives// //archive }/archive cells > results
mkdir $out
cp results $out/
[ -z "$profiler" ] || cp profile $out/
