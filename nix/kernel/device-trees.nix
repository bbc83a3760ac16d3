# SPDX-License-Identifier: MIT OR GPL-2.0-only
# The device trees of all boards whose processors a kernel has drivers for, and the overlays to them: of the kernel's own
# source and configuration, so that drivers and trees speak of the same.
# out: <maker>/<board>.dtb, with the names that overlays need, and <maker>/<overlay>.dtbo
{ debian, source, kernel }:
debian.runInDebian (kernel.machine.environment // {
  name = "device-trees-${kernel.machine.arch}";
  linux = debian.rootfs "linux";
  inherit kernel;
  src = source { name = "kernel-patches"; paths = [ "kernel/patches" ]; };
  script = ''
    tar xf $linux/usr/src/linux-source-6.12.tar.xz
    cd linux-source-6.12
    for patch in $src/kernel/patches/*.patch; do
      [ ! -e "$patch" ] || patch -p1 < "$patch"
    done
    cp $kernel/config .config
    make LLVM=1 -s -j$NIX_BUILD_CORES dtbs DTC_FLAGS=-@
    cd arch/arm64/boot/dts
    find . -name '*.dtb' -o -name '*.dtbo' | while read -r tree; do install -D -m 644 $tree $out/$tree; done
  '';
})
