# SPDX-License-Identifier: MIT OR GPL-2.0-only
# The router proved end to end: each file in vmtests/src/bin is a check, which boots the
# image in QEMU and names the properties that it has proved, one a line.
{ debian, programs, routerImage, flavour ? "router" }:
let
  inherit (builtins) attrNames concatMap listToAttrs match readDir replaceStrings;
  scenarios = concatMap (file: let name = match "(.*)\\.rs" file; in if name == null then [ ] else name)
    (attrNames (readDir ../vmtests/src/bin));
  check = scenario: {
    name = "vm-${replaceStrings [ "_" ] [ "-" ] scenario}";
    value = debian.runInDebian {
      name = if flavour == "router" then "vm-${scenario}" else "vm-${scenario}-${flavour}";
      debian = debian.rootfs "qemu";
      inherit programs routerImage;
      LUNAGATE_FLAVOUR = flavour;
      script = ''$programs/bin/${scenario} $routerImage | tee $out'';
    };
  };
in
listToAttrs (map check scenarios)
