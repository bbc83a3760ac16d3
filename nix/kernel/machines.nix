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
  };
}
