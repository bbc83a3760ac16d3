# SPDX-License-Identifier: MIT OR GPL-2.0-only
# A file fixed by its hash.  It has to be in the Nix store already: nix/bin/fetch
# puts it there, by building this with --impure and the mirror in the environment.
# (Where a file comes from does not change its store path, only its hash does.)
{ name, sha256, path ? name, mirror ? "LUNAGATE_DEBIAN_MIRROR" }:
let base = builtins.getEnv mirror; in
derivation {
  inherit name;
  system = "builtin";
  builder = "builtin:fetchurl";
  url = if base == "" then "file:///not-in-the-store/run/make-fetch/for/${name}" else "${base}${path}";
  outputHashMode = "flat";
  outputHashAlgo = "sha256";
  outputHash = sha256;
  preferLocalBuild = true;
}
