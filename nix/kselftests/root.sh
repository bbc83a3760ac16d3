# SPDX-License-Identifier: MIT OR GPL-2.0-only
# The guests' root file system: Debian's set, the kernel's modules, the tests in /tests, and their process 1.
cp -r $userland root; chmod -R +w root
rm -rf root/usr/include root/usr/share/{bash-completion,perl5,doc-base,lintian} root/usr/lib/x86_64-linux-gnu/perl*
mkdir -p root/{dev,proc,sys,tmp,run,root,var/lib}
rm -rf root/var/run; ln -s /run root/var/run
# Tests call it by socat, and no package of the set has it.
[ -e root/usr/bin/sh ] || ln -s bash root/usr/bin/sh
cp -r $programs root/tests
cp $src/vmtests/kselftests/init root/init; chmod +x root/init
cp -r $kernel/lib/modules root/usr/lib/; chmod -R +w root/usr/lib/modules
depmod -b root $(ls root/usr/lib/modules)
# What Debian's alternatives point to, but for ebtables: packets that it brings from a bridge to the router go by
# a table that only the older form of it has.
for name in ip{,6}tables{,-save,-restore}; do ln -sf ${name/tables/tables-nft} root/usr/sbin/$name; done
ln -sf ebtables-legacy root/usr/sbin/ebtables
mksquashfs root $out -comp zstd -Xcompression-level 3 -noappend -all-root -quiet -no-progress
