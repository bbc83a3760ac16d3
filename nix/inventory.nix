# SPDX-License-Identifier: MIT OR GPL-2.0-only
# What an image is made of: a bill of materials in the format CycloneDX 1.6, and all licenses.
# It is taken from the root file system: a file there that comes from nowhere fails the build, and a package
# of which no file is there is not listed.  `sets` are Debian's sets that the root is made of, `std` is where Rust's
# standard library for the device's programs is from.
# out: bom.json, licenses.txt
{ debian, source, rust, luaSource, kernel, modules, policies, deviceTools, deviceCrates, root, loader, profile, profiles
, sets ? [ "router" ], std ? "rust" }:
let
  inherit (builtins) concatLists concatMap concatStringsSep filter map;
  line = package: "${package.file} ${package.name} ${package.version} ${package.sha256} ${package.arch}";
  lines = packages: concatStringsSep "\n" (map line packages) + "\n";
  named = name: filter (package: package.name == name);
  # Of these nothing is copied into the root: they are compiled, or compiled in.
  compiled = concatLists [
    (named "linux-source-6.12" (debian.packages "linux"))
    (named "rust-src" (debian.packages "toolchain"))
    (named "rust-web-src" (debian.packages "rust"))
    (named "libstd-rust-web-dev" (debian.packages std))
  ];
in
debian.runInDebian {
  name = "inventory-${profile}";
  inherit luaSource kernel modules policies deviceTools deviceCrates root loader profile;
  inherit (rust) vendor;
  inherit (kernel.machine) arch;
  kernelFile = kernel.machine.kernel;
  packages = lines (concatMap debian.packages sets);
  compiled = lines compiled;
  src = source {
    name = "inventory-source";
    paths = [ "Cargo.toml" "images/root" "images/release.yaml" "modules/lunatik/lua/patches" "nix/inventory" "${profiles}/${profile}.yaml" ];
  };
  script = ''
    . $src/nix/inventory/origins.sh
    . $src/nix/inventory/components.sh
  '';
}
