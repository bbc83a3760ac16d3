# SPDX-License-Identifier: MIT OR GPL-2.0-only
# The kernel-side tests: boots the kernel with nothing but the modules, a busybox, a few programs
# of the router, `maps`, `nth` and vmtests/kernel, and holds what its console says against what it
# must say. The output names the tests, one a line.
# The debug flavour also runs vmtests/kernel/debug. An `ordeal` is those tests alone that can go on
# for as long as one likes, and that long.
{ debian, source, kernel, modules, lunatik, maps, nth, storm, list, flavour ? "router", ordeal ? false }:
let
  # eBPF programs that the tests load, for anybody's clang and libbpf.
  programs = debian.runInDebian {
    name = "kernel-test-programs";
    src = source { name = "kernel-test-programs-source"; paths = [ "vmtests/kernel/bpf" ]; };
    script = ''
      mkdir $out
      for program in $src/vmtests/kernel/bpf/*.bpf.c; do
        name=$(basename $program .bpf.c)
        clang -target bpf -O2 -g -Wall -Werror -I/usr/include/x86_64-linux-gnu -c $program -o $out/$name.o
      done
    '';
  };
  # MiB of memory, seconds for all tests, kernel parameters, CPUs, which tests.
  machine = { cpus = 2; only = ""; } // {
    router = { memory = 256; seconds = 1800; parameters = ""; };
    ordeal = { memory = 512; seconds = 9000; parameters = "storm=1000000 rounds=1000 calls=500"; cpus = 4; only = "10-* 89-a-storm-* 89-coming-* 89-random-*"; };
    # Shadows of memory, and notes on each allocation and lock, take room and time. A translated
    # CPU can be kept waiting longer than a lockup takes to be one; page tables of their own for
    # user space, and guards against speculation, are not what is tested.
    debug = {
      memory = 1536;
      seconds = 18000;
      parameters = "mitigations=off watchdog_thresh=60 workqueue.watchdog_thresh=120 hung_task_panic=1 calls=5 slow=20";
    };
  }.${if ordeal then "ordeal" else flavour};
in
debian.runInDebian {
  name = if ordeal then "kernel-ordeal" else if flavour == "router" then "kernel-test" else "kernel-test-${flavour}";
  debian = debian.rootfs "qemu";
  router = debian.rootfs "router";
  inherit (debian) busybox;
  inherit kernel modules lunatik maps nth storm list programs flavour;
  inherit (machine) memory seconds parameters cpus only;
  src = source {
    name = "kernel-tests";
    paths = [ "vmtests/kernel" "vmtests/src/complaints.txt" "policies" "tools/kernel-lua/tests/conformance" "tools/kernel-lua/attack" "tools/fuzz/src/play.lua" "modules" ];
  };
  script = builtins.readFile ./kernel-test.sh;
}
