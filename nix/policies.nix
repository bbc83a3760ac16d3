# SPDX-License-Identifier: MIT OR GPL-2.0-only
# The policies that a device has of those in policies/, and the Lua that they share, as the router has them.
# out: lib/modules/lua/policies, etc/lunagate/policies
{ debian, source, policyTool, selected }:
debian.runInDebian {
  name = "policies";
  debian = debian.rootfs "rust";
  src = source { name = "policies-source"; paths = [ "policies" ]; };
  inherit policyTool selected;
  script = ''
    cd $src/policies
    $policyTool/bin/policy render --output $out --library library $(cat $selected/policies)
  '';
}
