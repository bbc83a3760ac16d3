# SPDX-License-Identifier: MIT OR GPL-2.0-only
# The router proved end to end: each file in vmtests/src/bin is a check, which boots the
# image in QEMU and names the properties that it has proved, one a line.
{ debian, source, rust, routerImage }:
let
  inherit (builtins) attrNames filter listToAttrs match readDir replaceStrings;
  scenarios = map (file: replaceStrings [ ".rs" ] [ "" ] file)
    (filter (file: match ".*\\.rs" file != null) (attrNames (readDir ../vmtests/src/bin)));
  crates = [ "vmtests" "tools/qemu" "tools/agent" ];
  quoted = builtins.concatStringsSep ", " (map (crate: ''"${crate}"'') crates);

  # All scenarios, and the demonstration of `make run`.
  vmtestsBinaries = rust.build {
    name = "vmtests";
    src = source { name = "vmtests-source"; paths = [ "Cargo.toml" "Cargo.lock" "vmtests/Cargo.toml" "vmtests/src" "tools/qemu" "tools/agent" ]; };
    script = ''
      # The lock names the whole workspace: cargo drops from its copy what is not here.
      sed -i 's|^members = .*|members = [ ${quoted} ]|' Cargo.toml
      cargo build --release --package vmtests --bins
      find target/release -maxdepth 1 -type f -perm -u+x | while read -r bin; do
        install -D "$bin" "$out/bin/''${bin##*/}"
      done
    '';
  };

  check = scenario: debian.runInDebian {
    name = "vm-${scenario}";
    debian = debian.rootfs "qemu";
    inherit vmtestsBinaries routerImage;
    script = ''$vmtestsBinaries/bin/${scenario} $routerImage | tee $out'';
  };
in
{
  inherit vmtestsBinaries;
  checks = listToAttrs (map
    (scenario: { name = "vm-${replaceStrings [ "_" ] [ "-" ] scenario}"; value = check scenario; })
    scenarios);
}
