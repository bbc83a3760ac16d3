# SPDX-License-Identifier: MIT OR GPL-2.0-only
# The kernel-side tests: boots the kernel with nothing but the modules, a busybox, a few programs
# of the router, `maps`, `nth` and vmtests/kernel, and holds what its console says against what it
# must say. Each folder of tests is a check, whose output names the tests, one a line; tests beside
# the folders run in all of them, those with low numbers first. The debug flavour also has the tests
# and folders of vmtests/kernel/debug, and an `ordeal`: the storms, in the router's own kernel, that
# can go on for as long as one likes, and that long.
{ debian, source, kernel, modules, lunatik, nfluactl, xtables, maps, nth, storm, expected, ulp, list, reference, example, flavour ? "router" }:
let
  inherit (builtins) attrNames concatMap elem filter listToAttrs pathExists readDir;
  # Those of a folder's entries that are folders, and those that are not.
  entries = kind: folder:
    let all = if pathExists (../. + "/${folder}") then readDir (../. + "/${folder}") else { }; in
    filter (name: (all.${name} == "directory") == (kind == "folders")) (attrNames all);
  tests = "vmtests/kernel/tests";
  own = "vmtests/kernel/${flavour}";
  # What all tests share: everything in vmtests/kernel that is not one of their folders.
  shared = map (name: "vmtests/kernel/${name}")
    (filter (name: !elem name [ "tests" "debug" ]) (attrNames (readDir ../vmtests/kernel)));
  inAllRooms = concatMap (folder: map (name: "${folder}/${name}") (entries "files" folder)) [ tests own ];
  # eBPF programs that the tests load, for anybody's clang and libbpf.
  programs = debian.runInDebian {
    name = "kernel-test-programs";
    src = source { name = "kernel-test-programs-source"; paths = [ "vmtests/kernel/bpf" ]; };
    script = ''
      mkdir $out
      for program in $src/vmtests/kernel/bpf/*.bpf.c; do
        name=$(basename $program .bpf.c)
        clang -target bpf -O2 -g -Wall -Werror -I/usr/include/x86_64-linux-gnu -c $program -o $out/$name.o
      done
    '';
  };
  drivers = import ./test-drivers.nix { inherit debian source; inherit (modules) sdk; };
  # What each policy says of as many frames as a machine judges, and the policies as a router has them.
  verdicts = frames: debian.runInDebian {
    name = "kernel-test-verdicts";
    debian = debian.rootfs "rust";
    inherit expected frames;
    src = source { name = "kernel-test-policies"; paths = [ "policies" "vmtests/kernel/verdicts" ]; };
    script = ''
      cd $src
      $expected/bin/expected $out $frames 7 02:00:00:00:00:01 policies/library $(sh vmtests/kernel/verdicts/policies.sh)
    '';
  };
  # MiB of memory, seconds for a folder's tests, frames that policies judge, kernel parameters, CPUs.
  machines = {
    router = { memory = 256; seconds = 1800; frames = 10000; parameters = ""; cpus = 2; };
    ordeal = { memory = 512; seconds = 9000; frames = 1000000; parameters = "storm=1000000 rounds=1000 calls=500"; cpus = 4; };
    # Shadows of memory, and notes on each allocation and lock, take room and time. A translated
    # CPU can be kept waiting longer than a lockup takes to be one; page tables of their own for
    # user space, and guards against speculation, are not what is tested.
    debug = {
      memory = 1536;
      seconds = 12000;
      frames = 10000;
      parameters = "mitigations=off watchdog_thresh=60 workqueue.watchdog_thresh=120 hung_task_panic=1 calls=5 slow=20";
      cpus = 2;
    };
  };
  check = name: room: machine: only: debian.runInDebian {
    inherit name room only kernel modules lunatik nfluactl xtables maps nth storm ulp list reference programs drivers flavour;
    example = example modules;
    debian = debian.rootfs "qemu";
    router = debian.rootfs "router";
    inherit (debian) busybox;
    inherit (machines.${machine}) memory seconds parameters cpus;
    verdicts = verdicts machines.${machine}.frames;
    src = source {
      name = "${name}-source";
      paths = shared ++ inAllRooms ++ [
        "${tests}/${room}" "${own}/${room}" "vmtests/src/complaints.txt" "policies" "tools/kernel-lua/tests/conformance"
        "tools/kernel-lua/attack" "tools/fuzz/src/play.lua" "tools/author/src/check/contexts.list" "modules"
      ];
    };
    script = builtins.readFile ./kernel-tests.sh;
  };
  suffix = if flavour == "router" then "" else "-${flavour}";
in
{
  ordeal = check "kernel-ordeal" "storms" "ordeal" "*";
  someOfOrdeal = check "kernel-ordeal-some" "storms" "ordeal";
  # Those tests of a folder whose names match a pattern of the shell.
  some = room: check "kernel-${room}${suffix}-some" room flavour;
  rooms = listToAttrs (map
    (room: { name = "kernel-${room}"; value = check "kernel-${room}${suffix}" room flavour "*"; })
    (concatMap (entries "folders") [ tests own ]));
}
