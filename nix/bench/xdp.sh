# SPDX-License-Identifier: MIT OR GPL-2.0-only
# The archive with the eBPF programs: KIND.o, or KIND-SIZE.o for one with a list.
mkdir -p tree/bpf
# compile KIND NAME OPTION...
compile() {
  clang -O2 -g -target bpf -mcpu=v3 -Wall -Werror -I/usr/include/x86_64-linux-gnu "${@:3}" \
    -c $src/tools/meter/guest/xdp/$1.bpf.c -o tree/bpf/$2.o
  llvm-strip --strip-debug tree/bpf/$2.o
}
for kind in accept drop udp-port http lua; do compile $kind $kind; done
for kind in ipv4 mac; do for size in 10 1000 100000; do compile $kind $kind-$size -DSIZE=$size; done; done
for kind in dns sni; do for size in 1 10000 1000000; do compile $kind $kind-$size -DSIZE=$size; done; done
mkdir $out
(cd tree; find . | LC_ALL=C sort | $busybox/usr/bin/busybox cpio -o -H newc 2> /dev/null) > $out/archive
