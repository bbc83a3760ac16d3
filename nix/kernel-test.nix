# SPDX-License-Identifier: MIT OR GPL-2.0-only
# The kernel-side tests: boots the kernel with nothing but the modules, a busybox, a few programs
# of the router, `maps` and vmtests/kernel, and holds what its console says against what it
# must say. The output names the tests, one a line.
{ debian, source, kernel, modules, lunatik, maps }:
debian.runInDebian {
  name = "kernel-test";
  debian = debian.rootfs "qemu";
  router = debian.rootfs "router";
  inherit (debian) busybox;
  inherit kernel modules lunatik maps;
  src = source { name = "kernel-tests"; paths = [ "vmtests/kernel" "policies" ]; };
  script = builtins.readFile ./kernel-test.sh;
}
