# SPDX-License-Identifier: MIT OR GPL-2.0-only
# Part of the kernel's build, in its built tree: fill $out and $sdk.
mkdir -p $out $sdk
cp arch/x86/boot/bzImage System.map $out/
cp .config $out/config
llvm-objcopy --strip-all vmlinux $out/vmlinux
make LLVM=1 -s modules_install INSTALL_MOD_PATH=$out INSTALL_MOD_STRIP=1 DEPMOD=true
rm -f $out/lib/modules/*/build $out/lib/modules/*/source

# The SDK: makefiles, headers, generated files, host programs and Rust metadata;
# sources and objects stay behind.
tar c --exclude='*.o' --exclude='*.a' --exclude='*.ko' --exclude='*.mod' --exclude='*.mod.c' \
  --exclude='arch/x86/boot/compressed/vmlinux*' --exclude='arch/x86/boot/bzImage' --exclude='arch/x86/boot/*.bin' \
  Makefile Kbuild Kconfig .config Module.symvers include scripts rust arch/x86 \
  tools/objtool/objtool tools/bpf/resolve_btfids/resolve_btfids | tar x -C $sdk
# Module builds read the kernel's types from a file of that name.
llvm-objcopy --dump-section .BTF=$sdk/vmlinux vmlinux
