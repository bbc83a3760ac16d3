# SPDX-License-Identifier: MIT OR GPL-2.0-only
# The policies as the router has them: every folder of policies/ with a policy.yaml, in
# the order of their names, and the Lua that they share.
# out: lib/modules/lua/policies, etc/lunagate/policies
{ debian, source, policyTool }:
let
  inherit (builtins) attrNames concatStringsSep filter pathExists readDir;
  names = filter (name: pathExists (../policies + "/${name}/policy.yaml")) (attrNames (readDir ../policies));
in
debian.runInDebian {
  name = "policies";
  debian = debian.rootfs "rust";
  src = source { name = "policies-source"; paths = [ "policies" ]; };
  inherit policyTool;
  script = ''
    cd $src/policies
    $policyTool/bin/policy render --output $out --library library ${concatStringsSep " " names}
  '';
}
