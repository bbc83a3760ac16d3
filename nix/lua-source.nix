# SPDX-License-Identifier: MIT OR GPL-2.0-only
# The Lua that we ship: the sources in the lua-src crate, our patches applied, and
# the files of our own beside them.
{ debian, source, rust }:
debian.runInDebian {
  name = "lua-source";
  debian = debian.rootfs "rust";
  src = source { name = "lua-patches"; paths = [ "modules/lunatik/lua" ]; };
  inherit (rust) vendor;
  script = ''
    mkdir $out; cd $out
    cp -r $vendor/lua-src-551.1.0/lua-5.5.1 src; chmod -R +w src
    cp -r $src/modules/lunatik/lua/kern $src/modules/lunatik/lua/shim .
    for patch in $src/modules/lunatik/lua/patches/*.patch; do
      patch -p1 --no-backup-if-mismatch --fuzz=0 < $patch
    done
    # Not ours: the standalone programs' and the operating system's libraries.
    rm -f src/{lmathlib,ldblib,linit,liolib,loslib,loadlib,lundump}.c
  '';
}
