# SPDX-License-Identifier: MIT OR GPL-2.0-only
# The example module, built as its reader would: against the SDK, elsewhere than our own modules.
{ debian, sdk }:
debian.runInDebian {
  name = "example";
  inherit sdk;
  script = ''
    cp -r $sdk/example luaskel; chmod -R +w luaskel
    make LLVM=1 -s -C $sdk/kernel M=$PWD/luaskel LUNAGATE=$sdk/modules KBUILD_EXTRA_SYMBOLS=$sdk/modules/Module.symvers modules
    mkdir $out
    llvm-strip --strip-debug -o $out/luaskel.ko luaskel/luaskel.ko
  '';
}
