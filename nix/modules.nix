# SPDX-License-Identifier: MIT OR GPL-2.0-only
# The kernel modules and their Lua libraries, against the SDK of the kernel that loads
# them. A derivation of its own: a changed line here costs seconds, not a kernel.
# out: lib/modules/<release>/extra/*.ko, lib/modules/lua/...
# sdk: what a module of somebody else's builds against (docs/modules.md)
# With clippy = true it also holds their Rust against clippy; with budgets = false scripts have none,
# which is for the ruler only.
{ debian, source, kernel, luaSource, luaProfile, clippy ? false, budgets ? true }:
debian.runInDebian (kernel.machine.environment // {
  name = if clippy then "modules-clippy" else if budgets then "modules" else "modules-unbudgeted";
  CLIPPY = if clippy then "1" else "";
  UNBUDGETED = if budgets then "" else "1";
  outputs = [ "out" "sdk" ];
  kernel = kernel.sdk;
  inherit luaSource luaProfile;
  src = source { name = "modules-source"; paths = [ "modules" ]; };
  KBUILD_BUILD_TIMESTAMP = "1970-01-01";
  KBUILD_BUILD_USER = "lunagate";
  KBUILD_BUILD_HOST = "nix";
  script = ''
    ${builtins.readFile ./modules.sh}
  '';
})
