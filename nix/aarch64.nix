# SPDX-License-Identifier: MIT OR GPL-2.0-only
# The router for aarch64, built on x86_64: what the other files of this folder make of other
# arguments. Its checks are apart from the others: they build a second kernel.
{ debian, source, locks, luaSource, luaProfile, imageTool, policyTool, configTool, vmtests, key, rust }:
let
  inherit (builtins) elem mapAttrs substring;
  inherit (import ./profiles.nix) devices;
in
rec {
  kernel = import ./kernel { inherit debian source; arch = "aarch64"; };
  deviceTrees = import ./kernel/device-trees.nix { inherit debian source kernel; };
  modules = import ./modules.nix { inherit debian source kernel luaSource luaProfile; };
  tools = import ./tools.nix {
    inherit source luaSource;
    rust = import ./rust.nix { inherit debian locks; cross = "aarch64"; };
  };
  device = import ./device.nix {
    inherit debian source rust kernel modules luaSource key imageTool policyTool configTool;
    inherit (tools) deviceTools deviceCrates;
    router = "router-aarch64";
    std = "cross-aarch64";
  };
  boards = devices "architecture" "aarch64" (profile: device { inherit profile; });
  images = mapAttrs (_: board: board.image) boards;
  # What U-Boot boots from memory, of each device whose profile says how: none is of another architecture.
  fits = devices "fit" "" (profile: fit { inherit profile; inherit (boards.${profile}) root; });
  fit = more: import ./fit.nix ({ inherit debian source kernel deviceTrees imageTool; } // more);
  # A board's with the ports of QEMU's, and a disk for QEMU's board, which has another console.
  fitAndDisk = debian.busyboxScript {
    name = "fit-and-disk";
    fit = let which = { profile = "bananapi-bpi-r3"; profiles = "images/profiles/test"; }; in
      fit (which // { inherit (device which) root; });
    image = images.aarch64;
    script = ''mkdir $out; ln -s $fit/* $image/lunagate-aarch64.img $out/'';
  };
  checks = import ./vmtests.nix {
    inherit debian;
    programs = vmtests;
    qemu = "qemu-aarch64";
    suffix = "-aarch64";
    # What is left out has an image of its own kind, for x86_64; and the board has no watchdog in QEMU.
    images = scenario:
      if elem scenario [ "suites" "wifi" "profile" "first_key" "policy_packages" "policy_power_cuts" "watchdog" ] then null
      else if scenario == "fit" then fitAndDisk
      else if substring 0 6 scenario == "update" || elem scenario [ "by_https" "fail_closed" ] then boards.aarch64.updates
      else images.aarch64;
  } // {
    reproducible-fit = import ./reproducible.nix { inherit debian; } "fit" fits.bananapi-bpi-r3;
  };
}
