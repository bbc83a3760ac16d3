# SPDX-License-Identifier: MIT OR GPL-2.0-only
# The kernel flavour `debug`, what is built on it, and the checks that run in it, and the kernel's own
# tests in the flavour `kselftest`: those of `make test-deep`, apart from the others, because they take long. Some programs
# that are built twice are here, too; `make test` has those that are most of the image.
{ debian, source, luaSource, luaProfile, tools, deviceOf, kernelTests, e2fsprogs, reproducible, router }:
let
  flavour = "debug";
in
rec {
  kernel = import ./kernel { inherit debian source flavour; };
  modules = import ./modules.nix { inherit debian source kernel luaSource luaProfile; };
  device = deviceOf kernel modules { profile = "x86_64"; profiles = "images/profiles/${flavour}"; };
  router-image = device.image;
  policy-packages = import ./policy-packages.nix { inherit debian source e2fsprogs; inherit (tools) lunagate; image = router-image; };
  # The kernel's own tests of netfilter, a kernel flavour of their own.
  kselftests = import ./kselftests.nix { inherit debian source; };
  inside = kernelTests { inherit kernel modules flavour; };
  # All that a cut of power may leave, in the router's own kernel.
  sweeps = import ./vmtests.nix {
    inherit debian;
    programs = tools.vmtests;
    sweep = "all";
    suffix = "-all";
    images = scenario: { update_power_cuts = router.updates; policy_power_cuts = router.policy-packages; }.${scenario} or null;
  };
  checks = {
    kselftests = kselftests.all;
    kernel-ordeal = (kernelTests { inherit (router) kernel modules; }).ordeal;
    sweep-updates = sweeps.vm-update-power-cuts;
    sweep-policies = sweeps.vm-policy-power-cuts;
    reproducible-klua = reproducible "klua" tools.klua;
    reproducible-nfluactl = reproducible "nfluactl" tools.nfluactl;
    reproducible-xtables = reproducible "xtables" tools.xtables;
    reproducible-agent = reproducible "agent" tools.agent;
  } // inside.rooms // import ./vmtests.nix {
    inherit debian flavour;
    programs = tools.vmtests;
    # Suites and radios are held against the router's own kernel, and the flavour has no WireGuard.
    images = scenario:
      if builtins.elem scenario [ "suites" "wifi" "profile" "first_key" "wireguard" "u_boot" "fit" ] then null
      else if builtins.substring 0 6 scenario == "update" || builtins.elem scenario [ "by_https" "fail_closed" ] then device.updates
      else if builtins.elem scenario [ "policy_packages" "policy_power_cuts" ] then policy-packages
      else router-image;
  };
}
