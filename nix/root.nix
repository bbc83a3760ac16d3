# SPDX-License-Identifier: MIT OR GPL-2.0-only
# The router's root file system: files picked from Debian packages, with exactly the
# libraries they need, our static tree (images/root), kernel modules, Lua, tools, and the keys that sign
# updates and policies.
# What a device's profile selects, and what `extra`, a set of Debian's packages, has beside the set `router`, is in it, too;
# and `suites`, a folder of test suites.
# out: tree (unpacked), root.squashfs, manifest (sizes, largest first)
{ debian, source, kernel, modules, deviceTools, policies, key, router, selected, packages, extra, suites }:
debian.runInDebian {
  name = "router-root";
  router = debian.rootfs router;
  # A busybox that the builder can run, to say what applets it has.
  busybox = debian.rootfs "router";
  src = source { name = "router-root-source"; paths = [ "images/root" "images/keys/policies" ]; };
  inherit kernel modules deviceTools policies selected;
  key = key.public;
  extra = if extra == null then "" else debian.rootfsBeside { set = extra; inherit router packages; };
  suites = if suites == null then "" else "${source { name = "suites"; paths = [ suites ]; }}/${suites}";
  # The larger one is built more often than it is flashed.
  compression = if suites == null then kernel.machine.compression else "zstd -Xcompression-level 3";
  programs = builtins.readFile ./root/programs;
  extensions = builtins.readFile ./root/extensions;
  script = builtins.readFile ./root/libraries.sh + builtins.readFile ./root/assemble.sh;
}
