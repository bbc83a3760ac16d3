# SPDX-License-Identifier: MIT OR GPL-2.0-only
{
  description = "Lunagate: router firmware whose Linux kernel runs Lua";

  # No inputs: the package universe is Debian 13, locked in nix/debian/lock.json.
  outputs = { self }:
    let
      build = import ./nix { };
    in
    {
      inherit (build) lib;
      packages.x86_64-linux = build.packages;
      checks.x86_64-linux = build.checks;
      # nix build .#deep.kernel, .#aarch64.checks.vm-forward-path ...
      legacyPackages.x86_64-linux = { inherit (build) aarch64 deep; };
      apps.x86_64-linux = build.apps;
    };
}
