# SPDX-License-Identifier: MIT OR GPL-2.0-only
# A driver that is for kernel-side tests only, and so not among the modules: built against their SDK.
{ debian, source, sdk }:
debian.runInDebian {
  name = "kernel-test-driver";
  inherit sdk;
  src = source { name = "kernel-test-driver-source"; paths = [ "vmtests/kernel/cpufreq" ]; };
  script = ''
    cp -r $src/vmtests/kernel/cpufreq driver; chmod -R +w driver
    make LLVM=1 -s -C $sdk/kernel M=$PWD/driver LUNAGATE=$sdk/modules KBUILD_EXTRA_SYMBOLS=$sdk/modules/Module.symvers KCFLAGS=-Werror modules
    mkdir $out
    llvm-strip --strip-debug -o $out/model_cpufreq.ko driver/model_cpufreq.ko
  '';
}
