# SPDX-License-Identifier: MIT OR GPL-2.0-only
# The comparison of packet filters: guests that measure, each a derivation, so that what
# has not changed is not measured again.
{ debian, source, kernel, modules, meter, lunatik, profiler, ruler }:
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
  ours = debian.runInDebian {
    name = "bench-ours";
    inherit (debian) busybox;
    inherit kernel modules lunatik;
    src = source { name = "bench-lua"; paths = [ "tools/meter/guest/lua" ]; };
    script = readFile ./bench/ours.sh;
  };

  lists = kind: map (size: "${kind}-${toString size}");
  small = [ "accept" "drop" "udp-port" "http" ]
    ++ concatMap (kind: lists kind [ 10 1000 ]) [ "ipv4" "mac" ]
    ++ concatMap (kind: lists kind [ 1 10000 ]) [ "dns" "sni" ];
  large = lists "ipv4" [ 100000 ] ++ lists "mac" [ 100000 ] ++ lists "dns" [ 1000000 ] ++ lists "sni" [ 1000000 ];

  # How often a filter is loaded, and how many packets it judges each time. What searches its
  # rules one by one is slow, and every packet of it costs the same.
  amount = column: row:
    let
      size = match ".*-([0-9]+)" row;
      many = size != null && stringLength (head size) >= 4;
    in
    if elem column [ "none" "floor-drop" "xdp-drop" ] then "1x10000"
    else if many && elem column [ "iptables" "nft-rule" ] then "1x200"
    else if elem row large then "2x5000"
    else "4x5000";

  # Without a filter nothing is dropped; of what drops everything nothing passes.
  line = column: row:
    let only = { none = "pass"; floor-drop = "drop"; xdp-drop = "drop"; nflua-cache = "pass"; }.${column} or ""; in
    if (only == "pass" && row == "drop") || (only == "drop" && row == "accept") then ""
    else "${column} ${row} ${amount column row} ${only}\n";

  # A guest that measures these columns at these rows.
  # out: results, and with `profiled` profile
  group = { name, columns, rows, profiled ? false }:
    let
      starts = prefix: column: substring 0 (stringLength prefix) column == prefix;
      ifAny = prefixes: archive: if any (column: any (prefix: starts prefix column) prefixes) columns then [ archive ] else [ ];
    in
    debian.runInDebian {
      name = "bench-${name}";
      debian = debian.rootfs "qemu";
      inherit (debian) busybox;
      inherit kernel meter;
      archives = [ base ] ++ ifAny [ "xdp" ] xdp ++ ifAny [ "nflua" "xdplua" ] ours;
      profiler = if profiled then profiler else "";
      src = source {
        name = "bench-columns";
        paths = map (column: "tools/meter/guest/columns/${column}") ([ "library" ] ++ columns);
      };
      plan = concatStringsSep "" (concatMap (column: map (line column) rows) columns);
      script = readFile ./bench/measure.sh;
    };

  columnsOf = name: columns: rows: { inherit name; value = group { inherit name columns rows; }; };
  # A guest for the short lists and one for the long ones.
  both = column: [ (columnsOf column [ column ] small) (columnsOf "${column}-large" [ column ] large) ];
  simplest = {
    columns = [ "floor" "nflua-compat" "xdp-c" "xdplua-compat" ];
    rows = [ "accept" "udp-port" "dns-1" "sni-1" ];
  };
in
rec {
  inherit base ours xdp;
  quick = group (simplest // { name = "quick"; });
  profile = group (simplest // { name = "profile"; profiled = true; });

  groups = listToAttrs (
    [ (columnsOf "base" [ "none" "floor-drop" "xdp-drop" ] (small ++ large)) ]
    ++ [ (columnsOf "floor" [ "floor" ] [ "accept" "drop" "udp-port" ]) ]
    ++ concatMap both [ "iptables" "ipset" "nft-rule" "nft-set" "xdp-c" "nflua-compat" "xdplua-compat" ]
    ++ [ (columnsOf "nflua-cache" [ "nflua-cache" ] [ "udp-port" ]) ]
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
}
