# SPDX-License-Identifier: MIT OR GPL-2.0-only
# The comparison of packet filters: guests that measure, each a derivation, so that what
# has not changed is not measured again.
{ debian, source, kernel, modules, unbudgeted, meter, lunatik, list, profiler, ruler }:
let
  inherit (builtins) any attrValues concatMap concatStringsSep elem head listToAttrs match readFile stringLength substring;

  floor = debian.runInDebian {
    name = "bench-floor";
    inherit (kernel) sdk;
    src = source { name = "bench-floor-source"; paths = [ "tools/meter/floor" ]; };
    KBUILD_BUILD_TIMESTAMP = "1970-01-01";
    script = readFile ./bench/floor.sh;
  };

  # What every guest starts from: programs, the kernel's modules, the meter.
  base = debian.runInDebian {
    name = "bench-base";
    filters = debian.rootfs "bench";
    inherit (debian) busybox;
    inherit kernel floor meter;
    src = source { name = "bench-guest"; paths = [ "tools/meter/guest/init" "tools/meter/guest/wires" ]; };
    script = readFile ./root/libraries.sh + readFile ./bench/base.sh;
  };

  # The eBPF programs.
  xdp = debian.runInDebian {
    name = "bench-xdp";
    inherit (debian) busybox;
    src = source { name = "bench-xdp-source"; paths = [ "tools/meter/guest/xdp" ]; };
    script = readFile ./bench/xdp.sh;
  };

  # What guests with our modules have besides.
  guestWith = modules: debian.runInDebian {
    name = "bench-ours";
    inherit (debian) busybox;
    inherit kernel modules lunatik;
    src = source { name = "bench-lua"; paths = [ "tools/meter/guest/lua" ]; };
    script = readFile ./bench/ours.sh;
  };
  ours = guestWith modules;

  # The compiled lists of our scripts.
  lists = debian.runInDebian {
    name = "bench-lists";
    debian = debian.rootfs "rust";
    inherit (debian) busybox;
    inherit meter list;
    script = readFile ./bench/lists.sh;
  };

  sized = kind: map (size: "${kind}-${toString size}");
  small = [ "accept" "drop" "udp-port" "http" ]
    ++ concatMap (kind: sized kind [ 10 1000 ]) [ "ipv4" "mac" ]
    ++ concatMap (kind: sized kind [ 1 10000 ]) [ "dns" "sni" ];
  large = sized "ipv4" [ 100000 ] ++ sized "mac" [ 100000 ] ++ sized "dns" [ 1000000 ] ++ sized "sni" [ 1000000 ];

  # How often a filter is loaded, and how many packets it judges each time. What searches its
  # rules one by one is slow, and every packet of it costs the same.
  # A profile is one round's.
  amount = profiled: column: row:
    let
      size = match ".*-([0-9]+)" row;
      many = size != null && stringLength (head size) >= 4;
    in
    if elem column [ "none" "floor-drop" "xdp-drop" ] then "1x10000"
    else if many && elem column [ "iptables" "nft-rule" ] then "1x200"
    else if profiled then "1x5000"
    else if elem row large then "2x5000"
    else "4x5000";

  # A line of the plan. Without a filter nothing is dropped; of what drops everything nothing passes.
  line = profiled: { column, row }:
    let only = { none = "pass"; floor-drop = "drop"; xdp-drop = "drop"; nflua-cache = "pass"; }.${column} or ""; in
    if (only == "pass" && row == "drop") || (only == "drop" && row == "accept") then ""
    else "${column} ${row} ${amount profiled column row} ${only}\n";

  # A guest that measures these cells, with our modules or with others.
  # out: results, and with `profiled` profile
  group = { name, cells, profiled ? false, own ? ours }:
    let
      starts = prefix: cell: substring 0 (stringLength prefix) cell.column == prefix;
      ifAny = prefixes: archive: if any (cell: any (prefix: starts prefix cell) prefixes) cells then [ archive ] else [ ];
    in
    debian.runInDebian {
      name = "bench-${name}";
      debian = debian.rootfs "qemu";
      inherit (debian) busybox;
      inherit kernel meter;
      archives = [ base ] ++ ifAny [ "xdp" ] xdp ++ concatMap (ifAny [ "nflua" "xdplua" ]) [ own lists ];
      profiler = if profiled then profiler else "";
      src = source {
        name = "bench-columns";
        paths = map (column: "tools/meter/guest/columns/${column}") ([ "library" ] ++ map (cell: cell.column) cells);
      };
      plan = concatStringsSep "" (map (line profiled) cells);
      script = readFile ./bench/measure.sh;
    };

  cross = columns: rows: concatMap (column: map (row: { inherit column row; }) rows) columns;
  guest = name: columns: rows: [ { inherit name; value = group { inherit name; cells = cross columns rows; }; } ];
  # The cells that are measured at each change.
  cells = cross
    [ "floor-drop" "nflua-compat" "nflua" "xdp-drop" "xdplua-compat" "xdplua" ]
    [ "accept" "udp-port" "dns-10000" "sni-10000" ];
  measured = group { name = "gate-guest"; inherit cells; };
  # A guest for the short lists and one for the long ones.
  guests = column: guest column [ column ] small ++ guest "${column}-large" [ column ] large;
in
rec {
  inherit base group lists ours xdp;

  # What a lookup in a set costs by itself.
  lookups = debian.runInDebian {
    name = "bench-lookups";
    debian = debian.rootfs "qemu";
    inherit (debian) busybox;
    inherit kernel meter;
    archives = [ base ours lists ];
    src = source { name = "bench-lookups-source"; paths = [ "tools/meter/guest/lookups" ]; };
    script = readFile ./bench/lookups.sh;
  };

  # What the worst that a script can do to a packet costs.
  worst = debian.runInDebian {
    name = "bench-worst";
    debian = debian.rootfs "qemu";
    inherit (debian) busybox;
    inherit kernel meter;
    archives = [ base ours lists ];
    src = source {
      name = "bench-worst-source";
      paths = [ "tools/meter/guest/worst" "tools/kernel-lua/attack" "vmtests/kernel/attack" "vmtests/kernel/attacks.sh" ];
    };
    script = readFile ./bench/worst.sh;
  };

  groups = listToAttrs (
    guest "bases" [ "none" "floor-drop" "xdp-drop" ] (small ++ large)
    ++ guest "floor" [ "floor" ] [ "accept" "drop" "udp-port" ]
    ++ concatMap guests [
      "iptables" "ipset" "nft-rule" "nft-set" "xdp-c"
      "nflua-compat" "nflua" "xdplua-compat" "xdplua-ebpf" "xdplua"
    ]
    ++ guest "nflua-cache" [ "nflua-cache" ] [ "udp-port" ]
  );

  # table.md, figures.csv and plot.svg
  report = debian.runInDebian {
    name = "bench-report";
    debian = debian.rootfs "rust";
    inherit ruler;
    groups = attrValues groups;
    script = ''
      mkdir $out
      $ruler/bin/ruler report $out ''${groups// //results }/results
    '';
  };

  # Fails when ours costs more than docs/performance/figures.csv says.
  gate = debian.runInDebian {
    name = "bench-gate";
    debian = debian.rootfs "rust";
    inherit ruler measured;
    src = source { name = "bench-recorded"; paths = [ "docs/performance/figures.csv" ]; };
    script = ''$ruler/bin/ruler gate $src/docs/performance/figures.csv $measured/results | tee $out'';
  };

  # Fails when what bounds scripts costs more than 5 % of a packet.
  budgets = debian.runInDebian {
    name = "bench-budgets";
    debian = debian.rootfs "rust";
    inherit ruler measured;
    without = group { name = "unbudgeted-guest"; inherit cells; own = guestWith unbudgeted; };
    script = ''$ruler/bin/ruler budgets $measured/results $without/results | tee $out'';
  };
}
