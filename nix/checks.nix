# SPDX-License-Identifier: MIT OR GPL-2.0-only
# The checks that need no virtual machine.  Each leaves a file that names its tests.
{ debian, source, rust, luaSource, nextest }:
let
  workspace = source {
    name = "workspace";
    paths = [ "Cargo.toml" "Cargo.lock" "rustfmt.toml" "modules" "tools" "policies" "images" "vmtests" "nix" ];
  };
  check = name: script: rust.build {
    name = "check-${name}";
    src = workspace;
    LUNAGATE_LUA_SOURCE = luaSource;
    script = ''
      ${script}
      touch $out
    '';
  };
in
{
  format = check "format" ''
    cargo fmt --all --check
    find modules -name '*.rs' | xargs rustfmt --edition 2021 --check
  '';
  clippy = check "clippy" "cargo clippy --locked --workspace --all-targets -- -D warnings";
  host-tests = check "host-tests" ''
    PATH=$PATH:${nextest}/bin
    cargo nextest run --locked --workspace --status-level pass --color never 2>&1 | tee log
    # nextest runs no examples of documentation.
    cargo test --locked --workspace --doc
    sed -n 's/^ *PASS \[[^]]*\] *\(([^)]*) *\)\?//p' log > $out
  '';
  spdx = check "spdx" ''
    missing=$(find . -name '*.rs' -o -name '*.c' -o -name '*.h' -o -name '*.S' -o -name '*.lua' -o -name '*.sh' -o -name Kbuild |
      grep -v '^./target/' | xargs grep -L SPDX-License-Identifier || true)
    [ -z "$missing" ] || { echo "no SPDX line in: $missing"; exit 1; }
  '';
}
