# SPDX-License-Identifier: MIT OR GPL-2.0-only
# The builder of rootfs: unpack $debs over each other into $out.
mkdir -p $out/usr/bin $out/usr/sbin $out/usr/lib $out/usr/lib64 $out/etc
ln -s usr/bin usr/sbin usr/lib usr/lib64 $out

for deb in $debs; do ar -p $deb data.tar.xz | tar xJ -C $out -f -; done
rm -rf $out/usr/share/doc $out/usr/share/man $out/usr/share/info $out/usr/share/locale $out/var/cache

# What maintainer scripts would have done, as far as builds need it.
for link in awk:gawk awk:mawk cc:clang c++:clang++ which:which.debianutils yacc:bison.yacc; do
  [ -e $out/usr/bin/${link%:*} ] || [ ! -e $out/usr/bin/${link#*:} ] || ln -s ${link#*:} $out/usr/bin/${link%:*}
done
printf '%s\n' root:x:0:0::/root:/bin/sh nobody:x:65534:65534::/:/bin/false > $out/etc/passwd
printf '%s\n' root:x:0: nogroup:x:65534: > $out/etc/group
