# SPDX-License-Identifier: MIT OR GPL-2.0-only
# The archive that every guest boots from.
mkdir -p tree/usr/{bin,sbin,lib/modules,lib/x86_64-linux-gnu,lib64} tree/{dev,proc,sys,tmp,run,etc,modules,columns}
for name in bin sbin lib lib64; do ln -s usr/$name tree/$name; done
for program in bin/ip sbin/nft sbin/xtables-legacy-multi sbin/ipset; do install -D -m 755 $filters/usr/$program tree/usr/$program; done
for name in iptables-legacy iptables-legacy-restore; do ln -s xtables-legacy-multi tree/usr/sbin/$name; done
# What iptables loads by name.
cp -r $filters/usr/lib/x86_64-linux-gnu/xtables tree/usr/lib/x86_64-linux-gnu/
install -m 755 $meter/bin/meter tree/usr/bin/
libraries $filters tree
cp $busybox/usr/bin/busybox tree/usr/bin/
for applet in $($busybox/usr/bin/busybox --list); do [ -e tree/usr/bin/$applet ] || [ -e tree/usr/sbin/$applet ] || ln -s busybox tree/usr/bin/$applet; done
# Where the kernel looks for it.
ln -s ../bin/busybox tree/usr/sbin/modprobe
cp -r --no-preserve=mode $kernel/lib/modules/. tree/usr/lib/modules/
depmod -b tree/usr $(basename $kernel/lib/modules/*)
cp $floor/floor.ko tree/modules/
install -m 755 $src/tools/meter/guest/{init,wires} tree/
mkdir $out
(cd tree; find . | LC_ALL=C sort | $busybox/usr/bin/busybox cpio -o -H newc 2> /dev/null) > $out/archive
