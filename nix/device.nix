# SPDX-License-Identifier: MIT OR GPL-2.0-only
# A kind of device: what its profile selects of a system, the root file system of that, its image, and updates for it.
# `configTool` is the `lunagate` of a router that runs here. `router` is the set of Debian's packages that the root is picked from, `std` the one that Rust's standard library is from.
{ debian, source, rust, kernel, modules, luaSource, deviceTools, deviceCrates, policyTool, imageTool, configTool, key, router ? "router", std ? "rust" }:
{ profile, profiles ? "images/profiles", suites ? null }:
let
  inherit (builtins) attrNames concatStringsSep filter pathExists readDir;
  known = import ./profiles.nix;
  packages = known.packages { inherit profile profiles; };
  # null, or the packages beside the router's own.
  extra = if packages == [ ] then null else known.set { inherit profile profiles; };
  all = filter (name: pathExists (../policies + "/${name}/policy.yaml")) (attrNames (readDir ../policies));
in
rec {
  # policies, load, without: names
  selected = debian.runInDebian {
    name = "selected-${profile}";
    debian = debian.rootfs "rust";
    src = source { name = "profiles"; paths = [ "${profiles}/${profile}.yaml" ]; };
    inherit imageTool configTool kernel modules;
    script = ''
      { cat $kernel/lib/modules/*/modules.order $kernel/lib/modules/*/modules.builtin; find $modules/lib/modules -name '*.ko'; } > modules
      $imageTool/bin/image select --profile $src/${profiles}/${profile}.yaml --modules modules \
        --policies "${concatStringsSep " " all}" --packages "${concatStringsSep " " packages}" --output $out
      $configTool/bin/lunagate config check --profile $src/${profiles}/${profile}.yaml - < /dev/null
      cp $src/${profiles}/${profile}.yaml $out/profile.yaml
    '';
  };
  policies = import ./policies.nix { inherit debian source policyTool selected; };
  root = import ./root.nix { inherit debian source kernel modules deviceTools policies key router selected packages extra suites; };
  image = import ./image.nix {
    inherit debian source rust kernel root key imageTool profile profiles;
    contents = {
      inherit luaSource modules policies deviceTools deviceCrates std;
      sets = [ router ] ++ (if extra == null then [ ] else [ extra ]);
    };
  };
  updates = import ./updates.nix { inherit debian source kernel root key imageTool image profile profiles; };
}
