# SPDX-License-Identifier: MIT OR GPL-2.0-only
# Rust crates, as Nix derivations: each locked crate comes from the store, and a
# vendor directory of them all lets cargo build offline.
# `cross` names an architecture for whose Linux programs are built, if not the builder's own.
{ debian, locks, cross ? null }:
let
  target = "${cross}-unknown-linux-gnu";
  # Clang is a compiler and lld a linker for all of them; the libraries are Debian's.
  forTarget = if cross == null then "" else ''
    sed -i '/^\[build\]/a target = "${target}"' .cargo/config.toml
    sed -i 's|^rustflags = \[|&"-Clinker=clang", "-Clink-arg=--target=${cross}-linux-gnu", "-Clink-arg=-fuse-ld=lld", |' .cargo/config.toml
    export CC_${cross}_unknown_linux_gnu=clang AR_${cross}_unknown_linux_gnu=llvm-ar
  '';
  prefetched = import ./prefetched.nix;
  inherit (builtins) attrValues concatMap filter fromTOML listToAttrs readFile;
  packages = concatMap (lock: filter (package: package ? checksum) (fromTOML (readFile lock)).package) locks;
  crates = attrValues (listToAttrs (map
    (package: rec {
      name = "${package.name}-${package.version}.crate";
      value = prefetched { inherit name; sha256 = package.checksum; };
    })
    packages));
in
rec {
  vendor = debian.busyboxScript {
    name = "vendor";
    inherit crates;
    checksums = map (crate: crate.outputHash) crates;
    script = ''
      mkdir $out
      set -- $checksums
      for crate in $crates; do
        tar xzf $crate -C $out
        file=''${crate#/nix/store/*-}
        echo "{\"files\":{},\"package\":\"$1\"}" > $out/''${file%.crate}/.cargo-checksum.json
        shift
      done
    '';
  };

  # The toolchain's cargo, for nix/bin/fetch to run outside of a build. It asks a rustc for
  # its version: this one's, since the machine may have none, or one that does not work.
  cargo = debian.busyboxScript {
    name = "cargo";
    rust = debian.rootfs "rust";
    sh = debian.busybox;
    script = ''
      mkdir -p $out/bin
      for program in cargo rustc; do
        cat > $out/bin/$program <<END
      #!$sh/usr/bin/busybox sh
      export RUSTC=$out/bin/rustc
      exec $rust/usr/lib64/ld-linux-x86-64.so.2 --library-path $rust/usr/lib/x86_64-linux-gnu $rust/usr/bin/$program "\$@"
      END
      done
      chmod +x $out/bin/*
    '';
  };

  # Shell that makes cargo take every dependency from the vendor directory, without
  # that directory's store path in the result.
  config = ''
    mkdir -p .cargo
    cat > .cargo/config.toml <<'END'
    [source.crates-io]
    replace-with = "vendored"
    [source.vendored]
    directory = "${vendor}"
    [build]
    rustflags = ["--remap-path-prefix=${vendor}=/vendor", "--remap-path-prefix=/build=/lunagate"]
    END
    export CARGO_NET_OFFLINE=true CARGO_INCREMENTAL=0
    ${forTarget}'';

  # For tests, which nobody debugs: what cargo builds by the profile dev is compiled and linked sooner.
  soon = ''
    sed -i 's|^rustflags = \[|&"-Clink-arg=-fuse-ld=lld", |' .cargo/config.toml
    export CARGO_PROFILE_DEV_DEBUG=none'';

  # The crates that are not ours in what `cargo tree --format '{p}|{l}'` says, a line each: name|version|license.
  others = ''sed -n '/ (\//d; s/ (\*)$//; s/^\([^ ]*\) v\([^ |]*\)[^|]*|/\1|\2|/p' '';

  # Where cargo leaves what it has built, by profile.
  built = if cross == null then "target" else "target/${target}";

  # Run a script in a copy of the sources, cargo ready.
  build = { src, script, ... }@args: debian.runInDebian (args // {
    debian = if cross == null then debian.rootfs "rust" else debian.rootfsOf "rust-${cross}" [ "cross-${cross}" "rust" ];
    script = ''
      cp -r $src source; chmod -R +w source; cd source
      ${config}
      ${script}
    '';
  });
}
