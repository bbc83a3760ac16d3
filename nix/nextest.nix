# SPDX-License-Identifier: MIT OR GPL-2.0-only
# cargo-nextest, which Debian does not have, from crates.io.
{ source, rust }:
rust.build {
  name = "nextest";
  src = source { name = "nextest-source"; paths = [ "nix/nextest" ]; };
  script = ''
    cd nix/nextest
    cargo build --locked --target-dir /build/target
    install -D /build/target/debug/cargo-nextest $out/bin/cargo-nextest
  '';
}
