# SPDX-License-Identifier: MIT OR GPL-2.0-only
# The comparison of packet filters: guests that measure, each a derivation, so that what
# has not changed is not measured again.
{ debian, source, kernel, modules, meter, lunatik, profiler }:
let
  inherit (builtins) concatMap concatStringsSep filter readFile;

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

  # A guest that measures these columns at these rows.
  # out: results, and with `profiled` profile
  group = { name, columns, rows, packets ? "4x5000", memory ? 512, withOurs ? false, withXdp ? false, profiled ? false }: debian.runInDebian {
    name = "bench-${name}";
    debian = debian.rootfs "qemu";
    inherit (debian) busybox;
    inherit kernel meter;
    archives = [ base ] ++ (if withOurs then [ ours ] else [ ]) ++ (if withXdp then [ xdp ] else [ ]);
    LUNAGATE_MEMORY = toString memory;
    profiler = if profiled then profiler else "";
    src = source {
      name = "bench-columns";
      paths = map (column: "tools/meter/guest/columns/${column}") ([ "library" ] ++ columns);
    };
    # Without a filter nothing is dropped.
    plan = concatStringsSep "\n" (concatMap
      (column: map
        (row: "${column} ${row} ${packets}${if column == "none" then " pass" else ""}")
        (filter (row: column != "none" || row != "drop") rows))
      columns);
    script = readFile ./bench/measure.sh;
  };
  simplest = {
    columns = [ "none" "floor" "iptables" "nft-rule" "nflua-compat" ];
    rows = [ "accept" "drop" "udp-port" ];
    withOurs = true;
  };
in
{
  inherit base ours xdp;
  quick = group (simplest // { name = "quick"; });
  profile = group (simplest // { name = "profile"; packets = "1x5000"; profiled = true; });
}
