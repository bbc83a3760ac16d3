# SPDX-License-Identifier: MIT OR GPL-2.0-only
# The router's root file system: files picked from Debian packages, with exactly the
# libraries they need, our static tree (images/root), kernel modules, Lua and tools.
# out: tree (unpacked), root.squashfs, manifest (sizes, largest first)
{ debian, source, kernel, modules, deviceTools, policies }:
debian.runInDebian {
  name = "router-root";
  router = debian.rootfs "router";
  src = source { name = "router-root-source"; paths = [ "images/root" ]; };
  inherit kernel modules deviceTools policies;
  programs = builtins.readFile ./root/programs;
  script = builtins.readFile ./root/libraries.sh + builtins.readFile ./root/assemble.sh;
}
