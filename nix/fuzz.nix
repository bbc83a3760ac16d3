# SPDX-License-Identifier: MIT OR GPL-2.0-only
# The programs that fuzz, one for each target of tools/fuzz: the virtual machine and our crates
# under AddressSanitizer and UndefinedBehaviorSanitizer, with libFuzzer around them.
# out: bin/TARGET, corpus/TARGET
{ source, rust, luaSource }:
rust.build {
  name = "fuzz";
  src = source {
    name = "fuzz-source";
    paths = [ "Cargo.toml" "Cargo.lock" "tools/fuzz" "tools/kernel-lua" ] ++ map (name: "modules/common/${name}") [ "lua" "packet" "packet_lua" "sets" ];
  };
  LUNAGATE_LUA_SOURCE = luaSource;
  LUNAGATE_SANITIZE = "1";
  # Sanitizers are of the nightly compiler; ours has them when it is told so.
  RUSTC_BOOTSTRAP = "1";
  RUSTFLAGS = builtins.concatStringsSep " " [
    "-Clinker=clang -Clink-arg=-fsanitize=fuzzer,address,undefined -Zsanitizer=address -Zexternal-clangrt"
    "-Cpasses=sancov-module -Cllvm-args=-sanitizer-coverage-level=4 -Cllvm-args=-sanitizer-coverage-inline-8bit-counters"
    "-Cllvm-args=-sanitizer-coverage-pc-table -Cllvm-args=-sanitizer-coverage-trace-compares"
    "-Cdebug-assertions -Coverflow-checks -Ccodegen-units=1"
  ];
  script = ''
    sed -i 's|^members = .*|members = [ "tools/fuzz", "tools/kernel-lua", "modules/common/lua", "modules/common/packet", "modules/common/packet_lua", "modules/common/sets" ]|' Cargo.toml
    sed -i '/^\[dev-dependencies\]/,/^$/d' tools/*/Cargo.toml modules/common/*/Cargo.toml
    # With a target named, the flags are not those of build scripts.
    cargo build --release --package fuzz --features libfuzzer --bins --target x86_64-unknown-linux-gnu
    mkdir -p $out/bin
    for target in script calls packet list; do cp target/x86_64-unknown-linux-gnu/release/$target $out/bin/; done
    cp -r tools/fuzz/corpus $out/corpus
    # Scripts that are there already are good beginnings.
    cp tools/kernel-lua/train/*.lua tools/kernel-lua/attack/*.lua $out/corpus/script/
  '';
}
