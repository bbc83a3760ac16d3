# SPDX-License-Identifier: MIT OR GPL-2.0-only
# What architectures differ in, for who builds a kernel and for who uses one.
{
  x86_64 = {
    arch = "x86_64";
    folder = "arch/x86";
    goals = "bzImage";
    images = [ "arch/x86/boot/bzImage" ];
    # What the firmware loads, and what QEMU does.
    kernel = "bzImage";
    direct = "bzImage";
    notForModules = [ "arch/x86/boot/compressed/vmlinux*" "arch/x86/boot/bzImage" "arch/x86/boot/*.bin" ];
    programs = [ "tools/objtool/objtool" "tools/bpf/resolve_btfids/resolve_btfids" ];
    environment = { };
    # Debian's sets that the build calls programs of, beside the toolchain.
    sets = [ ];
    # How a root is compressed. By xz it would take 0.5 MiB less, and a boot's processor five seconds more.
    compression = "zstd -Xcompression-level 22 -b 1M";
  };
  aarch64 = {
    arch = "aarch64";
    folder = "arch/arm64";
    goals = "Image vmlinuz.efi";
    images = [ "arch/arm64/boot/Image" "arch/arm64/boot/vmlinuz.efi" ];
    kernel = "vmlinuz.efi";
    direct = "Image";
    notForModules = [ "arch/arm64/boot/Image" "arch/arm64/boot/vmlinuz*" ];
    programs = [ "tools/bpf/resolve_btfids/resolve_btfids" ];
    environment = { ARCH = "arm64"; };
    sets = [ "zboot" ];
    # Its programs are larger: with zstd an image would have 1 MiB more than it may.
    compression = "xz -b 256K";
  };
}
