# SPDX-License-Identifier: MIT OR GPL-2.0-only
# The kernel, and the SDK against which modules build: two outputs of one build.
# out: bzImage, vmlinux (stripped, for direct boots), System.map, config, lib/modules
# sdk: the part of the built tree that `make M=...` reads
{ debian, source, arch ? "x86_64", flavour ? "router" }:
let
  inherit (builtins) attrNames filter readDir;
  isRouter = flavour == "router";
  router = "$src/kernel/config/*.config $src/kernel/config/arch/${arch}.config";
  own = "$src/kernel/config/flavour/${flavour}.config";
  fragments = if isRouter then router else "router.config ${own}";
  # A changed flavour rebuilds that flavour only.
  paths = map (name: "kernel/config/${name}") (filter (name: name != "flavour") (attrNames (readDir ../../kernel/config)))
    ++ (if isRouter then [ ] else [ "kernel/config/flavour/${flavour}.config" "kernel/override.sh" ]);
in
debian.runInDebian {
  name = "linux-${arch}-${flavour}";
  outputs = [ "out" "sdk" ];
  linux = debian.rootfs "linux";
  src = source { name = "kernel-source"; paths = paths ++ [ "kernel/patches" "kernel/configure.sh" ]; };
  # Everything that would make two builds differ.
  KBUILD_BUILD_TIMESTAMP = "1970-01-01";
  KBUILD_BUILD_USER = "lunagate";
  KBUILD_BUILD_HOST = "nix";
  KBUILD_BUILD_VERSION = "1";
  script = ''
    tar xf $linux/usr/src/linux-source-6.12.tar.xz
    cd linux-source-6.12
    for patch in $src/kernel/patches/*.patch; do
      [ ! -e "$patch" ] || patch -p1 < "$patch"
    done
    ${if isRouter then "" else "bash $src/kernel/override.sh ${own} ${router} > router.config
    "}bash $src/kernel/configure.sh $PWD ${fragments}
    make LLVM=1 -s -j$NIX_BUILD_CORES bzImage modules
    ${builtins.readFile ./install.sh}
  '';
}
