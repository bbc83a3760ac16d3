# SPDX-License-Identifier: MIT OR GPL-2.0-only
# Debian, as Nix derivations: the packages of lock.json unpacked into root file
# systems, and builds that run inside them.
{ lock }:
let
  prefetched = import ../prefetched.nix;
  inherit (builtins) attrValues concatLists concatMap elem elemAt filter match replaceStrings;

  locked = set: lock.sets.${set} or (throw "nix/debian/lock.json has no set ${set}: run nix/bin/relock ${set}");

  deb = package: prefetched {
    # foo_1%2b2%7e3_amd64.deb -> foo_1+2-3_amd64.deb, a valid store name
    name = replaceStrings [ "%2b" "%7e" "~" ] [ "+" "-" "-" ] (baseNameOf package.path);
    inherit (package) sha256 path;
    mirror = if package.archive == "security" then "LUNAGATE_SECURITY_MIRROR" else "LUNAGATE_DEBIAN_MIRROR";
  };

  # The bootstrap.  Nix unpacks tarballs by itself, and past its first bytes a
  # package is one.  This package holds a static busybox.
  seed = prefetched { name = "busybox-static.tar.xz"; inherit (lock.seed) sha256; };
  busybox = derivation {
    name = "busybox";
    system = "builtin";
    builder = "builtin:unpack-channel";
    src = seed;
    channelName = "usr";
  };

  busyboxScript = { name, script, ... }@args: derivation ({
    system = "x86_64-linux";
    builder = "${busybox}/usr/bin/busybox";
    args = [ "sh" "-euc" ''
      "$builder" mkdir bin; "$builder" --install -s bin; PATH=$PWD/bin
      ${script}
    '' ];
  } // removeAttrs args [ "script" ]);
in
rec {
  inherit seed busybox busyboxScript;

  # A Debian root file system: packages unpacked over each other, no maintainer
  # scripts run, and the few links that such scripts would have made.
  rootfs = set: rootfsOf set [ set ];
  # Of several sets, each over those before it.
  rootfsOf = name: sets: busyboxScript {
    name = "debian-${name}";
    debs = map deb (concatMap locked sets);
    script = builtins.readFile ./rootfs.sh;
  };

  # What a set has beside another one, `router`, and all of these packages, whichever has them.
  rootfsBeside = { set, router, packages }:
    let
      known = map (package: package.name) lock.sets.${router};
      wanted = package: elem package.name packages || !elem package.name known;
    in
    busyboxScript {
      name = "debian-${set}-beside-${router}";
      debs = map deb (filter wanted (locked set));
      script = builtins.readFile ./rootfs.sh;
    };

  # The packages of a set as the lock has them, with their files.
  packages = set: map
    (package: { inherit (package) name version sha256; file = deb package; arch = elemAt (match ".*_([a-z0-9]+)[.]deb" package.path) 0; })
    (locked set);

  # Run a bash script as a build, inside a Debian root file system.
  runInDebian = { name, script, debian ? rootfs "toolchain", ... }@args: derivation ({
    system = "x86_64-linux";
    builder = "${busybox}/usr/bin/busybox";
    args = [ "sh" ./enter.sh ];
    enter = rootfs "enter";
    inherit debian;
  } // args);

  # Every package of the lock: what nix/bin/fetch builds, and a garbage collector
  # root for it all.
  debs = busyboxScript {
    name = "debs";
    inherit busybox;
    debs = map deb (concatLists (attrValues lock.sets));
    script = ''echo $busybox $debs > $out'';
  };
}
