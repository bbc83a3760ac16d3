# SPDX-License-Identifier: MIT OR GPL-2.0-only
# The kernel's own tests of netfilter, from the source that the router's kernel is built from, in the kernel
# flavour `kselftest`: a guest for each, whose result must be what vmtests/kselftests/expected says.
# An attribute for each test by its name; kernel, programs, root: what the guests have; all: the check.
{ debian, source, kernel ? import ./kernel { inherit debian source; flavour = "kselftest"; } }:
let
  inherit (builtins) attrValues concatStringsSep elemAt filter isString listToAttrs match readFile split;
  expectations = map
    (line: let fields = match "(pass|fail|skip) ([a-z0-9_]+)(\\.sh)?" line; in
      if fields == null then throw "vmtests/kselftests/expected: not a result and a test: ${line}"
      else { result = elemAt fields 0; name = elemAt fields 1; test = elemAt fields 1 + (if elemAt fields 2 == null then "" else ".sh"); })
    (filter (line: isString line && line != "" && match "#.*" line == null) (split "\n" (readFile ../vmtests/kselftests/expected)));
  programs = debian.runInDebian {
    name = "kselftests-programs";
    debian = debian.rootfsOf "toolchain-kselftests" [ "toolchain" "kselftests" ];
    linux = debian.rootfs "linux";
    script = readFile ./kselftests/programs.sh;
  };
  root = debian.runInDebian {
    name = "kselftests-root";
    inherit kernel programs;
    userland = debian.rootfs "kselftests";
    src = source { name = "kselftests-init"; paths = [ "vmtests/kselftests/init" ]; };
    script = readFile ./kselftests/root.sh;
  };
  run = { result, name, test }: debian.runInDebian {
    name = "kselftest-${name}";
    debian = debian.rootfs "qemu";
    inherit kernel root test;
    expected = result;
    src = source { name = "kselftest-source"; paths = [ "vmtests/src/complaints.txt" ]; };
    script = readFile ./kselftests/run.sh;
  };
  tests = listToAttrs (map (expectation: { inherit (expectation) name; value = run expectation; }) expectations);
in
tests // {
  inherit kernel programs root;
  all = debian.runInDebian {
    name = "kselftests";
    inherit programs;
    results = attrValues tests;
    expected = concatStringsSep "\n" (map (expectation: expectation.test) expectations);
    script = ''
      # What the kernel's makefile runs is what is expected of.
      diff <(sort $programs/list) <(sort <<< "$expected") || { echo "vmtests/kselftests/expected: the lines above are missing (<), or no tests (>)"; exit 1; }
      cat $results | tee $out
    '';
  };
}
