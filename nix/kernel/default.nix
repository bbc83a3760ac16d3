# SPDX-License-Identifier: MIT OR GPL-2.0-only
# The kernel, and the SDK against which modules build: two outputs of one build.
# out: what ./machines.nix calls images, vmlinux (stripped), System.map, config, lib/modules
# sdk: the part of the built tree that `make M=...` reads
{ debian, source, arch ? "x86_64", flavour ? "router" }:
let
  inherit (builtins) attrNames filter readDir;
  machine = (import ./machines.nix).${arch};
  # What goes before the router's fragments, if anything does: those of x86_64 say nothing twice.
  own = if flavour != "router" then "flavour/${flavour}" else if arch != "x86_64" then "arch/${arch}" else null;
  shared = "$src/kernel/config/*.config" + (if own == "arch/${arch}" then "" else " $src/kernel/config/arch/${arch}.config");
  fragments = if own == null then shared else "router.config $src/kernel/config/${own}.config";
  tools = if machine.sets == [ ] then { } else { debian = debian.rootfsOf "toolchain-${arch}" ([ "toolchain" ] ++ machine.sets); };
  # Another flavour or architecture, when it changes, is no reason to build this one.
  paths = map (name: "kernel/config/${name}") (filter (name: name != "flavour" && name != "arch") (attrNames (readDir ../../kernel/config)))
    ++ [ "kernel/config/arch/${arch}.config" ]
    ++ (if own == null then [ ] else [ "kernel/config/${own}.config" "kernel/override.sh" ]);
in
debian.runInDebian (machine.environment // tools // {
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
    ${if own == null then "" else "bash $src/kernel/override.sh $src/kernel/config/${own}.config ${shared} > router.config
    "}bash $src/kernel/configure.sh $PWD ${fragments}
    make LLVM=1 -s -j$NIX_BUILD_CORES ${machine.goals} modules
    ${import ./install.nix machine}
  '';
}) // { inherit machine; }
