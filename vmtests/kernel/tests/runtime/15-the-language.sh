# SPDX-License-Identifier: MIT OR GPL-2.0-only
# The language's suite, in this kernel: a room that runs has run to its end.
rooms=$(cd /lib/modules/lua/language; ls | grep -v suite.lua)
[ "$(echo "$rooms" | wc -l)" -ge 18 ] || die "rooms are missing: $rooms"
for context in process softirq; do
  for room in $rooms; do
    gives "" "run('language/${room%.lua}', '$context', { load_fuel = 2000000, memory = 4 << 20, stack = 5 << 10 })"
    gives "" "stop('language/${room%.lua}')"
  done
done
