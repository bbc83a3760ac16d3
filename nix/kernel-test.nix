# SPDX-License-Identifier: MIT OR GPL-2.0-only
# The kernel-side tests: boots the kernel with nothing but the modules, a busybox, a few programs
# of the router, `maps` and vmtests/kernel, and holds what its console says against what it
# must say. The output names the tests, one a line.
{ debian, source, kernel, modules, lunatik, maps, storm, list }:
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
in
debian.runInDebian {
  name = "kernel-test";
  debian = debian.rootfs "qemu";
  router = debian.rootfs "router";
  inherit (debian) busybox;
  inherit kernel modules lunatik maps storm list programs;
  src = source { name = "kernel-tests"; paths = [ "vmtests/kernel" "policies" "tools/kernel-lua/tests/conformance" "tools/kernel-lua/attack" ]; };
  script = builtins.readFile ./kernel-test.sh;
}
