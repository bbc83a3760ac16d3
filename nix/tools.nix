# SPDX-License-Identifier: MIT OR GPL-2.0-only
# Programs of the workspace, each built from the crates that it needs and no others, so
# that a change elsewhere rebuilds nothing, and with the profile that fits its place.
{ source, rust, luaSource }:
let
  inherit (builtins) concatStringsSep;
  program = { name, package ? name, bins ? [ name ], crates ? [ "tools/${package}" ], profile ? "release" }: rust.build {
    inherit name;
    src = source { name = "${name}-source"; paths = [ "Cargo.toml" "Cargo.lock" ] ++ crates; };
    LUNAGATE_LUA_SOURCE = luaSource;
    script = ''
      # The lock names the whole workspace: cargo drops from its copy what is not here.
      sed -i 's|^members = .*|members = [ ${concatStringsSep ", " (map (crate: ''"${crate}"'') crates)} ]|' Cargo.toml
      # What only tests need may be elsewhere, too.
      sed -i '/^\[dev-dependencies\]/,/^$/d' ${concatStringsSep " " (map (crate: "${crate}/Cargo.toml") crates)}
      cargo build --profile ${profile} --package ${package} ${concatStringsSep " " (map (bin: "--bin ${bin}") bins)}
      for bin in ${concatStringsSep " " bins}; do
        install -D target/${profile}/$bin $out/bin/$bin
      done
    '';
  };
in
{
  klua = program { name = "klua"; package = "kernel-lua"; crates = [ "tools/kernel-lua" "modules/common/lua" ]; };
  lunatik = program { name = "lunatik"; profile = "device"; };
  image = program { name = "image"; crates = [ "tools/image" "images/layout" ]; };
  lunagate = program {
    name = "lunagate";
    crates = map (name: "tools/${name}") [ "lunagate" "policy" "image" "qemu" "agent" ] ++ [ "images/layout" ];
  };
  policy = program { name = "policy"; };
  agent = program { name = "agent"; profile = "device"; };
}
