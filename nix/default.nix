# SPDX-License-Identifier: MIT OR GPL-2.0-only
{ }:
let
  sets = import ./debian/sets.nix;
  lock = builtins.fromJSON (builtins.readFile ./debian/lock.json);
  debian = import ./debian { inherit lock; };
  source = import ./source.nix;
  kernel = import ./kernel { inherit debian source; };
  locks = [ ../Cargo.lock ../images/loader/Cargo.lock ];
  rust = import ./rust.nix { inherit debian locks; };
  luaSource = import ./lua-source.nix { inherit debian source rust; };
  luaProfile = import ./lua-profile.nix { inherit debian source luaSource; };
  modules = import ./modules.nix { inherit debian source kernel luaSource luaProfile; };
  inside = import ./inside.nix { inherit debian; };
  host = import ./host.nix { inherit debian inside; };
  reproducible = import ./reproducible.nix { inherit debian; };
  tools = import ./tools.nix { inherit source rust luaSource; };
  fuzz = import ./fuzz.nix { inherit source rust luaSource; };
  e2fsprogs = import ./e2fsprogs.nix { inherit debian; };
  key = import ./key.nix { inherit debian source; };
  inherit (tools) deviceTools;
  # Kinds of devices of this architecture, with this kernel.
  deviceOf = kernel: modules: import ./device.nix {
    inherit debian source rust kernel modules luaSource key;
    inherit (tools) deviceTools deviceCrates;
    imageTool = tools.image;
    policyTool = tools.policy;
    configTool = tools.device;
  };
  device = deviceOf kernel modules;
  pcs = (import ./profiles.nix).devices "architecture" "x86_64" (profile: device { inherit profile; });
  pc = pcs.x86_64;
  unbudgeted = import ./modules.nix {
    inherit debian source kernel luaSource;
    luaProfile = import ./lua-profile.nix { inherit debian source luaSource; budgets = false; };
    budgets = false;
  };
  bench = import ./bench.nix { inherit debian source kernel modules unbudgeted; inherit (tools) meter lunatik list profiler ruler; };
  example = modules: import ./example.nix { inherit debian; inherit (modules) sdk; };
  kernelTests = which: import ./kernel-tests.nix ({ inherit debian source example; inherit (tools) lunatik nfluactl xtables maps nth storm expected ulp list reference; } // which);
  # What devices have, under names with theirs at the end.
  named = prefix: devices: builtins.listToAttrs
    (map (device: { name = "${prefix}-${device}"; value = devices.${device}; }) (builtins.attrNames devices));
  inherit (debian) rootfs;
in
rec {
  # Not among the checks: what runs these runs all checks.
  deep = import ./deep.nix { inherit debian source luaSource luaProfile tools deviceOf kernelTests e2fsprogs reproducible; router = { inherit kernel modules; inherit (packages) updates policy-packages; }; };
  aarch64 = import ./aarch64.nix {
    inherit debian source locks rust luaSource luaProfile key;
    imageTool = tools.image;
    policyTool = tools.policy;
    configTool = tools.device;
    inherit (tools) vmtests;
  };
  internals = { inherit debian source rust kernel luaSource modules bench; kernelTests = kernelTests { inherit kernel modules; }; };
  lib = {
    seed = with lock.seed; "${toString skip} ${sha256} ${archive} ${path}\n";
    inherit (lock) snapshot;
    debianSets = builtins.concatStringsSep "" (map
      (name: "${name} ${sets.${name}.arch} ${toString sets.${name}.packages}\n")
      (builtins.attrNames sets));
    checkNames = builtins.concatStringsSep "\n" (builtins.attrNames checks);
    aarch64CheckNames = builtins.concatStringsSep "\n" (builtins.attrNames aarch64.checks);
    deepCheckNames = builtins.concatStringsSep "\n" (builtins.attrNames deep.checks);
  };

  packages = {
    inherit (debian) seed busybox debs;
    toolchain = rootfs "toolchain";
    qemu = rootfs "qemu";
    enter = rootfs "enter";
    inside-toolchain = inside "toolchain" "";
    inside-rust = inside "rust" "";
    inside-qemu = inside "qemu" "";
    inside-qemu-aarch64 = inside "qemu-aarch64" "";
    linux = rootfs "linux";
    router = rootfs "router";
    rust = rootfs "rust";
    inherit (rust) vendor cargo;
    inherit kernel modules fuzz;
    inherit (pc) policies root updates;
    klua = host { name = "klua"; program = tools.klua; };
    lunagate = host { name = "lunagate"; program = tools.lunagate; inQemu = "vm"; };
    inherit (tools) lunatik nfluactl xtables agent device policy image list reference vmtests maps nth storm expected ulp meter profiler ruler;
    bench-report = bench.report;
    bench-gate = bench.gate;
    bench-budgets = bench.budgets;
    bench-lookups = bench.lookups;
    bench-worst = bench.worst;
    default = packages.router-image;
    demo = inside "qemu" "${tools.vmtests}/bin/demo ${packages.router-image}";
    vm = inside "qemu" "${tools.lunagate}/bin/lunagate vm --image ${packages.router-image}";
    vm-aarch64 = inside "qemu-aarch64" "${tools.lunagate}/bin/lunagate vm --image ${aarch64.images.aarch64}";
    router-image = pc.image;
    manual = import ./manual.nix { inherit debian; inherit (tools) lunagate; };
    # The same, and policies for it.
    policy-packages = import ./policy-packages.nix { inherit debian source e2fsprogs; inherit (tools) lunagate; image = packages.router-image; };
    # The router with test suites, and what these call.
    router-image-test = (device { profile = "x86_64"; profiles = "images/profiles/test"; suites = "vmtests/suites"; }).image;
    # A device with ports, drivers, policies and packages of its own.
    router-image-board = (device { profile = "board"; profiles = "images/profiles/test"; }).image;
    lua-source = luaSource;
    module-sdk = modules.sdk;
    # The public half of the key that signs slots and bundles.
    public-key = key.public;
    lua-profile = luaProfile;
  } // named "router-image" (builtins.mapAttrs (_: pc: pc.image) pcs // aarch64.images) // named "fit" aarch64.fits;
  checks = import ./checks.nix { inherit debian source rust luaSource fuzz; inherit (tools) reference; } // import ./vmtests.nix {
    inherit debian;
    programs = tools.vmtests;
    images = scenario:
      # Only aarch64 has U-Boot in QEMU.
      if builtins.elem scenario [ "u_boot" "fit" ] then null
      else if builtins.elem scenario [ "suites" "wifi" ] then packages.router-image-test
      else if builtins.elem scenario [ "profile" "first_key" ] then packages.router-image-board
      else if builtins.substring 0 6 scenario == "update" || builtins.elem scenario [ "by_https" "fail_closed" ] then packages.updates
      else if builtins.elem scenario [ "policy_packages" "policy_power_cuts" ] then packages.policy-packages
      else packages.router-image;
  } // {
    clippy-modules = import ./modules.nix { inherit debian source kernel luaSource luaProfile; clippy = true; };
    host-commands = import ./host-commands.nix { inherit debian; inherit (packages) lunagate klua; routerImage = packages.router-image; };
    flash-command = import ./flash-command.nix { inherit debian; inherit (tools) lunagate; routerImage = packages.router-image; };
    vm-command = import ./vm-command.nix { inherit debian; inherit (tools) lunagate; routerImage = packages.router-image; };
    release = import ./release.nix { inherit debian source; inherit (tools) lunagate; image = packages.router-image; };
    inherit (tools) mutants;
    bench-gate = bench.gate;
    bench-budgets = bench.budgets;
    reproducible-lua-profile = reproducible "lua-profile" luaProfile;
    reproducible-modules = reproducible "modules" modules;
    reproducible-lunatik = reproducible "lunatik" tools.lunatik;
    reproducible-policies = reproducible "policies" pc.policies;
    reproducible-image = reproducible "image" packages.router-image;
  } // (kernelTests { inherit kernel modules; }).rooms;
  apps =
    let
      app = program: { type = "app"; inherit program; };
      inQemu = package: app "${package}/bin/inside-qemu";
      inArm = package: app "${package}/bin/inside-qemu-aarch64";
    in
    {
      default = inQemu packages.demo;
      vm = inQemu packages.vm;
      vm-aarch64 = inArm packages.vm-aarch64;
      lunagate = app "${packages.lunagate}/bin/lunagate";
      klua = app "${packages.klua}/bin/klua";
    };
}
