# SPDX-License-Identifier: MIT OR GPL-2.0-only
# Which way the virtual machine's code goes mostly, counted while it runs the scripts of
# tools/kernel-lua/train and bench: the kernel's compiler arranges the code by it. The run
# is always the same, so the counts are.
{ debian, source, luaSource, budgets ? true }:
debian.runInDebian {
  name = "lua-profile";
  debian = debian.rootfs "toolchain";
  src = source { name = "lua-train"; paths = [ "tools/kernel-lua/train" "tools/kernel-lua/bench" ]; };
  inherit luaSource;
  defines = if budgets then "" else "-DLUA_UNBUDGETED";
  script = builtins.readFile ./lua-profile.sh;
}
