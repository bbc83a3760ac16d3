# SPDX-License-Identifier: MIT OR GPL-2.0-only
# For tests of verdicts that hold for a flow: scripts that tell when they are asked, a client whose
# datagrams are a flow, and a counter of what arrives.
. /network.sh
lua=/lib/modules/lua
ip route add 10.9.0.0/24 via 10.2.0.2
ip -6 route add fd00:9::/64 via fd00:2::2

# judge NAME LINE: a script of this name that judges, with a line of Lua before
judge() { { echo "NAME = '$1' ${2-}"; cat $lua/judge.lua; } > $lua/$1.lua; }
judge first
judge other 'UNIT, OFFSET = 256, 1'
judge early 'UNIT, POINT, PRIORITY = 65536, 0, -150'

# flow NAME ADDRESS PORT: a client whose datagrams are one flow; it sends lines until `ends NAME`
flow() {
  mkfifo /tmp/$1
  at left bash -c "exec 3<> /dev/udp/$2/$3 4<> /tmp/$1
    while read line <&4; do [ \$line != end ] || exit 0; echo \$line >&3; done" &
}
send() { for n in $(seq $2); do echo $n > /tmp/$1; done; }
ends() { echo end > /tmp/$1; rm /tmp/$1; }
# count WORDS: the lines of this test's log that end so
count() { log | grep -c -e "$1\$" || true; }

# asks TIMES ADDRESS PORT PASSED: of a flow's five packets so many are asked about, and so many pass
asks() {
  asked=$(count "first asked $3") passed=$(count "passed $3")
  flow new $2 $3
  send new 5
  awaits $((asked + $1)) "first asked $3\$"
  awaits $((passed + $4)) "passed $3\$"
  ends new
  wait
}
# What arrives at the right; 10.9.0.1 and fd00:9::1 are nobody's there, so that no answer disturbs.
at right nft -f - <<END
table inet arrivals {
  counter datagrams { }
  chain before { type filter hook prerouting priority raw; meta l4proto udp counter name datagrams; }
}
END
arrived() { at right nft list counter inet arrivals datagrams | sed -n 's/.*packets \([0-9]*\) .*/\1/p'; }
# arrive NUMBER: so many datagrams since the counter was $before
arrive() {
  for turn in $(seq 100); do [ "$(arrived)" -lt $((before + $1)) ] || break; usleep 50000; done
  [ "$(arrived)" = $((before + $1)) ] || die "$(($(arrived) - before)) datagrams arrived, not $1"
}

