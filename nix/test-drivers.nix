# SPDX-License-Identifier: MIT OR GPL-2.0-only
# Modules that are for kernel-side tests only, and so not among the others: built against their SDK.
{ debian, source, sdk }:
debian.runInDebian {
  name = "kernel-test-drivers";
  inherit sdk;
  src = source { name = "kernel-test-drivers-source"; paths = [ "vmtests/kernel/cpufreq" "vmtests/kernel/judge" ]; };
  script = ''
    mkdir $out
    for driver in cpufreq judge; do
      cp -r $src/vmtests/kernel/$driver .; chmod -R +w $driver
      make LLVM=1 -s -C $sdk/kernel M=$PWD/$driver LUNAGATE=$sdk/modules KBUILD_EXTRA_SYMBOLS=$sdk/modules/Module.symvers KCFLAGS=-Werror modules
      for module in $driver/*.ko; do llvm-strip --strip-debug -o $out/$(basename $module) $module; done
    done
  '';
}
