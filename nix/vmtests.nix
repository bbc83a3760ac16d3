# SPDX-License-Identifier: MIT OR GPL-2.0-only
# The router proved end to end: each file in vmtests/src/bin is a check, which boots the
# image in QEMU and names the properties that it has proved, one a line. `images` has the image
# for a scenario's name, or null if it is not for this flavour; `qemu` is the set of Debian packages that has the machine.
# Scenarios that cut power look at a sample of what a cut may leave, or with the sweep `all` at all of it.
{ debian, programs, images, flavour ? "router", sweep ? "", suffix ? (if flavour == "router" then "" else "-${flavour}"), qemu ? "qemu" }:
let
  inherit (builtins) attrNames concatMap filter listToAttrs match readDir replaceStrings;
  scenarios = concatMap (file: let name = match "(.*)\\.rs" file; in if name == null then [ ] else name)
    (attrNames (readDir ../vmtests/src/bin));
  check = scenario: {
    name = "vm-${replaceStrings [ "_" ] [ "-" ] scenario}";
    value = debian.runInDebian {
      name = "vm-${scenario}${suffix}";
      debian = debian.rootfs qemu;
      inherit programs;
      image = images scenario;
      LUNAGATE_FLAVOUR = flavour;
      LUNAGATE_SWEEP = sweep;
      script = ''$programs/bin/${scenario} $image | tee $out'';
    };
  };
in
listToAttrs (map check (filter (scenario: images scenario != null) scenarios))
