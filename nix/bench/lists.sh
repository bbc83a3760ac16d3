# SPDX-License-Identifier: MIT OR GPL-2.0-only
# The archive with lists/KIND-SIZE.list.
lists=tree/usr/lib/modules/lua/lists
mkdir -p $lists
# compile KIND SIZE...
compile() {
  for size in ${@:2}; do
    $meter/bin/meter list $1 $size > list
    $list/bin/list compile --strict list -o $lists/$1-$size.list
  done
}
compile ipv4 10 1000 100000
compile mac 10 1000 100000
compile dns 1 10000 1000000
for size in 1 10000 1000000; do ln -s dns-$size.list $lists/sni-$size.list; done
mkdir $out
(cd tree; find . | LC_ALL=C sort | $busybox/usr/bin/busybox cpio -o -H newc 2> /dev/null) > $out/archive
