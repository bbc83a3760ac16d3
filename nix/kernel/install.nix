# SPDX-License-Identifier: MIT OR GPL-2.0-only
# The end of a kernel's build for a machine of ./machines.nix, a shell script.
{ folder, images, notForModules, programs, ... }:
let inherit (builtins) concatStringsSep; in
''
  # SPDX-License-Identifier: MIT OR GPL-2.0-only
  # Part of the kernel's build, in its built tree: fill $out and $sdk.
  mkdir -p $out $sdk
  cp ${concatStringsSep " " images} System.map $out/
  cp .config $out/config
  llvm-objcopy --strip-all vmlinux $out/vmlinux
  make LLVM=1 -s modules_install INSTALL_MOD_PATH=$out INSTALL_MOD_STRIP=1 DEPMOD=true
  rm -f $out/lib/modules/*/build $out/lib/modules/*/source

  # The SDK: makefiles, headers, generated files, host programs and Rust metadata;
  # sources and objects stay behind.
  tar c --exclude='*.o' --exclude='*.a' --exclude='*.ko' --exclude='*.mod' --exclude='*.mod.c' \
    ${concatStringsSep " " (map (file: "--exclude='${file}'") notForModules)} \
    Makefile Kbuild Kconfig .config Module.symvers include scripts rust ${folder} \
    ${concatStringsSep " " programs} | tar x -C $sdk
  # Module builds read the kernel's types from a file of that name.
  llvm-objcopy --dump-section .BTF=$sdk/vmlinux vmlinux
''
