# SPDX-License-Identifier: MIT OR GPL-2.0-only
# The checks that need no virtual machine.  Each leaves a file that names its tests.
{ debian, source, rust, luaSource, fuzz, reference }:
let
  inherit (builtins) attrNames filter pathExists readDir;
  workspace = [ "Cargo.toml" "Cargo.lock" "rustfmt.toml" "modules" "tools" "policies" "images" ];
  everything = workspace ++ [ "vmtests" "nix" ];
  # Without what runs in guests only, so that a test there is no reason to compile everything anew.
  isCrate = name: pathExists (../vmtests/kernel + "/${name}/Cargo.toml");
  programs = workspace ++ [ "vmtests/Cargo.toml" "vmtests/build.rs" "vmtests/src" "vmtests/kernel/attack" "vmtests/kernel/scripts" "vmtests/kernel/verdicts" ]
    ++ map (name: "vmtests/kernel/${name}") (filter isCrate (attrNames (readDir ../vmtests/kernel)));
  check = name: paths: script: rust.build {
    name = "check-${name}";
    src = source { name = "workspace"; inherit paths; };
    LUNAGATE_LUA_SOURCE = luaSource;
    script = ''
      ${script}
      touch $out
    '';
  };
in
{
  format = check "format" everything ''
    cargo fmt --all --check
    find modules -name '*.rs' | xargs rustfmt --edition 2021 --check
  '';
  clippy = check "clippy" programs "cargo clippy --locked --workspace --all-targets -- -D warnings";
  # Programs of vmtests are scenarios, and have no tests.
  host-tests = check "host-tests" (programs ++ [ "docs/admin.md" ]) ''
    ${rust.soon}
    {
      cargo test --locked --workspace --exclude vmtests --color never
      cargo test --locked --package vmtests --lib --color never
    } 2>&1 | tee log
    # Each as PROGRAM NAME, or as FILE NAME if it is an example of documentation.
    sed -nE '
      s/^ *Running .*\/([a-z0-9_-]+)-[0-9a-f]+\)$/\1/; t keep
      s/^ *Doc-tests (.*)$/\1/; t keep
      s/^test (.*) \.\.\. ok$/\1/; T
      G; s/^(.*)\n(.*)$/\2 \1/p; d
      :keep
      h
    ' log > $out
  '';
  reference = check "reference" [ "modules" "docs/lua.md" ] ''
    ${reference}/bin/reference modules --text lua.md
    diff -u docs/lua.md lua.md || { echo "docs/lua.md is not what the modules say: run nix/bin/reference"; exit 1; }
  '';
  conformance = check "conformance" [ "docs/conformance.md" "vmtests/src/bin" "vmtests/kselftests/expected" ] ''
    grep -o '`[a-z0-9_]*::[a-z0-9_]*`' docs/conformance.md | tr -d '`' | grep -vx scenario::property | sort -u > named
    while IFS= read -r test; do
      grep -q "\"''${test#*::}\"" "vmtests/src/bin/''${test%%::*}.rs" || { echo "docs/conformance.md names $test, which is nowhere proved"; exit 1; }
    done < named
    # The table of the kernel's own tests says of each what the check `kselftests` expects.
    sed -nE 's/^\| `([a-z0-9_]+(\.sh)?)` \|.*\| (pass|skip|\*\*fail)(ped|\*\*)? \|[^|]*\|$/\3 \1/p' docs/conformance.md | tr -d '*' | sort > said
    grep -v '^#' vmtests/kselftests/expected | sort > expected
    diff expected said || { echo "of the kernel's tests, vmtests/kselftests/expected says otherwise (<) than docs/conformance.md (>)"; exit 1; }
    cat named expected > $out
  '';
  # Each test that docs/SPECIFICATION.md names is there. (`NN-name` is how it says that names are.)
  specification = check "specification" ([ "docs/SPECIFICATION.md" ] ++ everything) ''
    grep -oE '`((kernel|debug)/[A-Za-z0-9_-]+|vm-[a-z0-9-]+|[a-z_-]+::[A-Za-z0-9_*]+)`' docs/SPECIFICATION.md |
      tr -d '`' | grep -vxE '(kernel|debug)/NN-name|vm-name|crate::test' | sort -u > named
    while IFS= read -r test; do
      case $test in
        kernel/*) ls vmtests/kernel/tests/*/''${test#kernel/}*.sh vmtests/kernel/tests/''${test#kernel/}*.sh > files 2> problem || true; [ -s files ] ;;
        debug/*) ls vmtests/kernel/debug/*/''${test#debug/}*.sh vmtests/kernel/debug/''${test#debug/}*.sh > files 2> problem || true; [ -s files ] ;;
        vm-*) [ -f "vmtests/src/bin/$(echo ''${test#vm-} | tr - _).rs" ] ;;
        *\*) grep -rqE --include='*.rs' "fn $(echo ''${test#*::} | tr -d '*')[a-z0-9_]*\(" tools modules policies images vmtests ;;
        *) grep -rq --include='*.rs' "fn ''${test#*::}(" tools modules policies images vmtests ;;
      esac || { echo "docs/SPECIFICATION.md names the test $test, which is nowhere"; exit 1; }
    done < named
    [ "$(wc -l < named)" -gt 150 ] || { echo "docs/SPECIFICATION.md names $(wc -l < named) tests only"; exit 1; }
    cp named $out
  '';
  spdx = check "spdx" everything ''
    missing=$(find . -name '*.rs' -o -name '*.c' -o -name '*.h' -o -name '*.S' -o -name '*.lua' -o -name '*.sh' -o -name Kbuild |
      grep -v '^./target/' | xargs grep -L SPDX-License-Identifier || true)
    [ -z "$missing" ] || { echo "no SPDX line in: $missing"; exit 1; }
  '';
  # README says how to call Nix itself; all else must work on a machine whose Nix has no settings.
  documentation = check "documentation" [ "docs" "policies" ] ''
    if grep -rnE --include='*.md' '(^ *|`|[$] )nix (build|run|flake) ' docs policies; then
      echo "say make ..., nix/bin/build .#NAME or lunagate ..., which bring Nix's settings"; exit 1
    fi
  '';
  # So many inputs of each target, the same ones each time; `make fuzz` goes on from there.
  fuzz = debian.runInDebian {
    name = "check-fuzz";
    debian = debian.rootfs "rust";
    inherit fuzz;
    script = ''
      for target in script:20000 calls:2000 packet:200000 list:200000; do
        runs=''${target#*:} target=''${target%:*}
        mkdir new
        $fuzz/bin/$target -seed=1 -runs=$runs -max_len=4096 -rss_limit_mb=2048 -timeout=60 -verbosity=0 new $fuzz/corpus/$target
        echo "$target: $runs inputs" >> $out
        rm -r new
      done
    '';
  };
}
