# SPDX-License-Identifier: MIT OR GPL-2.0-only
# Programs of the workspace, each built from the crates that it needs and no others, so
# that a change elsewhere rebuilds nothing, and with the profile that fits its place.
{ source, rust, luaSource }:
let
  inherit (builtins) concatStringsSep readFile;
  # The lock names the whole workspace: cargo drops from its copy what is not here.
  only = crates: ''
    sed -i 's|^members = .*|members = [ ${concatStringsSep ", " (map (crate: ''"${crate}"'') crates)} ]|' Cargo.toml
  '';
  withoutTests = crates: ''
    # What only tests need may be elsewhere, too.
    sed -i '/^\[dev-dependencies\]/,/^$/d' ${concatStringsSep " " (map (crate: "${crate}/Cargo.toml") crates)}'';
  program = { package, as ? null, crates ? [ "tools/${package}" ], paths ? crates, profile ? "release", test ? false, static ? false, lua ? false }: rust.build ({
    name = package;
    src = source { name = "${package}-source"; paths = [ "Cargo.toml" "Cargo.lock" ] ++ paths; };
    script = ''
      ${only crates}
      ${withoutTests crates}
      ${if static then ''sed -i 's|^rustflags = \[|&"-Ctarget-feature=+crt-static", |' .cargo/config.toml'' else if test then rust.soon else ""}
      cargo build --profile ${if test then "dev" else profile} --package ${package} --bins
      mkdir -p $out/bin
      find ${rust.built}/${if test then "debug" else profile} -maxdepth 1 -type f -perm -u+x | while read -r bin; do cp "$bin" $out/bin/${if as == null then "" else as}; done
    '';
  } // (if lua then { LUNAGATE_LUA_SOURCE = luaSource; } else { }));
  # Kernel modules that the simulator has, too, and all that it is built from.
  simulated = [ "luabyteorder" "luadata" "lualinux" "lualpm" "luanetfilter" "luapacket" "luarcu" "luaset" "luaskb" "luaxdp" ];
  simulator = map (name: "tools/${name}") [ "simulator" "policy" "kernel-lua" "files" ]
    ++ map (name: "tools/simulator/kernel/${name}") ([ "kernel" "lunatik_core" ] ++ simulated)
    ++ map (name: "modules/common/${name}") [ "key" "lua" "packet" "packet_lua" "sets" ];
  ofRouter = map (name: "tools/${name}") [ "router" "config" "download" "installed" "list" "update" "package" "policy" "bundle" "files" ] ++ [ "modules/common/sets" "images/layout" ];
  ofDevice = ofRouter ++ map (name: "tools/${name}") [ "lunatik" "agent" "nfluactl" "xtables" ];
  expectedCrates = [ "vmtests/kernel/expected" "vmtests/kernel/storm" ] ++ simulator;
  simulatedPaths = map (name: "modules/${name}") ([ "lib" ] ++ simulated);
in
rec {
  # What the router has.
  deviceTools = [ device lunatik agent nfluactl xtables ];
  # The crates of others that are in it: name|version|license, as their manifests say.
  deviceCrates = rust.build {
    name = "device-crates";
    src = source { name = "device-crates-source"; paths = [ "Cargo.toml" "Cargo.lock" ] ++ ofDevice; };
    script = ''
      ${only ofDevice}
      ${withoutTests ofDevice}
      cargo tree --edges normal,no-proc-macro --prefix none --format '{p}|{l}' ${concatStringsSep " " (map (name: "--package ${name}") [ "router" "lunatik" "agent" "nfluactl" "xtables" ])} > tree
      ${rust.others} tree > $out
    '';
  };
  klua = program { package = "kernel-lua"; lua = true; crates = [ "tools/kernel-lua" ] ++ map (name: "modules/common/${name}") [ "lua" "packet" "packet_lua" "sets" ]; };
  lunatik = program { package = "lunatik"; profile = "device"; };
  # What is called lunagate on the router.
  device = program { package = "router"; as = "lunagate"; profile = "device"; crates = ofRouter; };
  nfluactl = program { package = "nfluactl"; profile = "device"; };
  # What iptables loads for -m lua and -j LUA, from lib/xtables.
  xtables = rust.build {
    name = "xtables";
    src = source { name = "xtables-source"; paths = [ "Cargo.toml" "Cargo.lock" "tools/xtables" ]; };
    script = ''
      ${only [ "tools/xtables" ]}
      cargo build --profile device --package xtables
      install -D -m 644 ${rust.built}/device/libxt_lua.so $out/lib/xtables/libxt_lua.so
      ln -s libxt_lua.so $out/lib/xtables/libxt_LUA.so
    '';
  };
  agent = program { package = "agent"; profile = "device"; };
  policy = program { package = "policy"; crates = [ "tools/policy" "tools/files" ]; };
  image = program { package = "image"; crates = [ "tools/image" "tools/bundle" "tools/files" "images/layout" ]; };
  list = program { package = "list"; crates = [ "tools/list" "tools/files" "modules/common/sets" ]; };
  reference = program { package = "reference"; crates = [ "tools/reference" "tools/files" ]; };
  lunagate = program rec {
    package = "lunagate";
    lua = true;
    crates = map (name: "tools/${name}") [ "lunagate" "author" "image" "installed" "package" "bundle" "config" "flash" "list" "qemu" "agent" ]
      ++ simulator ++ [ "images/layout" ];
    paths = crates ++ simulatedPaths;
  };
  # Counts what packets cost: one program for the guest, one for the host.
  meter = program { package = "meter"; paths = [ "tools/meter/Cargo.toml" "tools/meter/src" ]; };
  # A plugin of QEMU.
  profiler = rust.build {
    name = "profiler";
    src = source { name = "profiler-source"; paths = [ "Cargo.toml" "Cargo.lock" "tools/profiler" ]; };
    script = ''
      ${only [ "tools/profiler" ]}
      cargo build --release --package profiler
      install -D -m 644 target/release/libprofiler.so $out/lib/libprofiler.so
    '';
  };
  ruler = program { package = "ruler"; };
  # One program for each scenario, and the demonstration of `make run`.
  vmtests = program {
    package = "vmtests";
    test = true;
    crates = [ "vmtests" ] ++ map (name: "tools/${name}") [ "qemu" "agent" "powercut" "bundle" ] ++ [ "images/layout" ];
    paths = [ "vmtests/Cargo.toml" "vmtests/build.rs" "vmtests/src" "vmtests/kernel/attack" "tools/kernel-lua/attack" "images/layout" ]
      ++ map (name: "tools/${name}") [ "qemu" "agent" "powercut" "bundle" ];
  };
  # For the kernel-side tests, where there are no libraries.
  maps = program { package = "maps"; crates = [ "vmtests/kernel/maps" ]; static = true; };
  nth = program { package = "nth"; crates = [ "vmtests/kernel/nth" ]; static = true; };
  # What the simulator says of the frames of storm, and whether that shows what is wrong.
  expected = program { package = "expected"; lua = true; crates = expectedCrates; paths = expectedCrates ++ simulatedPaths; };
  mutants = rust.build {
    name = "check-mutants";
    src = source { name = "mutants-source"; paths = [ "Cargo.toml" "Cargo.lock" "policies" "vmtests/kernel/verdicts" ] ++ expectedCrates ++ simulatedPaths; };
    LUNAGATE_LUA_SOURCE = luaSource;
    frames = 20000;
    script = only expectedCrates + withoutTests expectedCrates + "\n${rust.soon}\n" + readFile ./mutants.sh;
  };
  storm = program { package = "storm"; crates = [ "vmtests/kernel/storm" ]; static = true; };
  ulp = program { package = "ulp"; crates = [ "vmtests/kernel/ulp" ]; static = true; };
}
