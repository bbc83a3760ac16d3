# SPDX-License-Identifier: MIT OR GPL-2.0-only
# The archive with our modules, the tool that loads scripts, and the scripts.
release=$(basename $kernel/lib/modules/*)
mkdir -p tree/usr/bin tree/usr/lib/modules
cp -r --no-preserve=mode $kernel/lib/modules/. tree/usr/lib/modules/
cp -r --no-preserve=mode $modules/lib/modules/. tree/usr/lib/modules/
depmod -b tree/usr $release
cp -r --no-preserve=mode $src/tools/meter/guest/lua/. tree/usr/lib/modules/lua/
install -m 755 $lunatik/bin/lunatik tree/usr/bin/
mkdir $out
(cd tree; find . | LC_ALL=C sort | $busybox/usr/bin/busybox cpio -o -H newc 2> /dev/null) > $out/archive
