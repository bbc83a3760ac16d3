# SPDX-License-Identifier: MIT OR GPL-2.0-only
# The router for aarch64, built on x86_64: what the other files of this folder make of other
# arguments. Its checks are apart from the others: they build a second kernel.
{ debian, source, locks, luaSource, luaProfile, imageTool, vmtests, policies, key, rust }:
rec {
  kernel = import ./kernel { inherit debian source; arch = "aarch64"; };
  modules = import ./modules.nix { inherit debian source kernel luaSource luaProfile; };
  tools = import ./tools.nix {
    inherit source luaSource;
    rust = import ./rust.nix { inherit debian locks; cross = "aarch64"; };
  };
  root = import ./root.nix {
    inherit debian source kernel modules policies key;
    inherit (tools) deviceTools;
    router = "router-aarch64";
  };
  router-image = import ./image.nix {
    inherit debian source rust kernel root key imageTool;
    profile = "aarch64";
    contents = {
      inherit luaSource modules policies;
      inherit (tools) deviceTools deviceCrates;
      sets = [ "router-aarch64" ];
      std = "cross-aarch64";
    };
  };
  updates = import ./updates.nix { inherit debian source kernel root key imageTool; image = router-image; profile = "aarch64"; };
  checks = import ./vmtests.nix {
    inherit debian;
    programs = vmtests;
    qemu = "qemu-aarch64";
    suffix = "-aarch64";
    # What is left out has an image of its own kind, for x86_64.
    images = scenario:
      if builtins.elem scenario [ "suites" "wifi" "policy_packages" "policy_power_cuts" ] then null
      else if builtins.substring 0 6 scenario == "update" || scenario == "by_https" then updates
      else router-image;
  };
}
