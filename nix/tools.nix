# SPDX-License-Identifier: MIT OR GPL-2.0-only
# Programs of the workspace: `klua` for the host, `lunatik` for the router, each built
# with the profile that fits its place.
{ source, rust, luaSource }:
let
  program = { name, package, profile }: rust.build {
    inherit name;
    src = source { name = "workspace"; paths = [ "Cargo.toml" "Cargo.lock" "modules" "tools" "images/layout" ]; };
    LUNAGATE_LUA_SOURCE = luaSource;
    script = ''
      cargo build --locked --profile ${profile} --package ${package} --bin ${name}
      install -D target/${profile}/${name} $out/bin/${name}
    '';
  };
in
{
  klua = program { name = "klua"; package = "kernel-lua"; profile = "release"; };
  lunatik = program { name = "lunatik"; package = "lunatik"; profile = "device"; };
}
