# SPDX-License-Identifier: MIT OR GPL-2.0-only
# The EFI loader that trusts one public key.  Debian ships no Rust library for EFI, so
# core and alloc are compiled from its rust-src first, as the kernel does for itself.
# out: loader.efi, and crates, those of others that are in it.
# `rust` must be made with images/loader/Cargo.lock among its locks.
{ debian, source, rust, key, arch }:
let
  target = "${arch}-unknown-uefi";
  sysroot = debian.runInDebian {
    name = "rust-${target}";
    debian = debian.rootfs "rust";
    script = ''
      export RUSTC_BOOTSTRAP=1
      library=$(echo /usr/src/rustc-*/library) lib=$out/lib/rustlib/${target}/lib
      mkdir -p $lib
      compile() {
        rustc --target ${target} --edition 2024 --crate-type rlib --crate-name "$@" --out-dir $lib -L $lib \
          -O -C panic=abort -C embed-bitcode=yes -Z force-unstable-if-unmarked --cap-lints allow \
          --remap-path-prefix=$library=/rust
      }
      compile core $library/core/src/lib.rs
      compile compiler_builtins --cfg 'feature="mem"' --cfg 'feature="compiler-builtins"' \
        $library/compiler-builtins/compiler-builtins/src/lib.rs
      compile alloc $library/alloc/src/lib.rs
    '';
  };
in
rust.build {
  name = "loader";
  src = source { name = "loader-source"; paths = [ "Cargo.toml" "images/loader" "images/layout" ]; };
  inherit sysroot key;
  script = ''
    cd images/loader
    export LUNAGATE_PUBLIC_KEY=$key
    export RUSTFLAGS="-C linker=lld-link --sysroot $sysroot --remap-path-prefix=${rust.vendor}=/vendor --remap-path-prefix=/build=/lunagate --remap-path-prefix=$sysroot=/sysroot -C link-arg=/Brepro"
    cargo build --release --locked --target ${target} --target-dir /build/target
    mkdir $out
    cargo tree --edges normal,no-proc-macro --prefix none --format '{p}|{l}' --target ${target} > tree
    ${rust.others} tree > $out/crates
    cp /build/target/${target}/release/loader.efi $out/
  '';
}
