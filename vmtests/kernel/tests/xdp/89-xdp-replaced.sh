# SPDX-License-Identifier: MIT OR GPL-2.0-only
# A script at an interface gives its place to another version of itself: no packet meets none.
insmod_all luadata luaxdp
/usr/bin/ip link set lo up
# version ADDRESS: drops pings to 127.0.0.2 and to this one
version() {
  echo "require('xdp').attach(function(packet)
    local to = packet[23] == 1 and packet[33]
    return (to == 2 or to == $1) and 1 or 2
  end)" > /lib/modules/lua/at_lo.lua
}
answers() { ping -c 1 -W 5 "127.0.0.$1" > /tmp/ping 2>&1 || die "127.0.0.$1: expected an answer"; }
silent() { ! ping -c 1 -W 1 "127.0.0.$1" > /tmp/ping 2>&1 || die "127.0.0.$1: expected silence"; }
places() {
  answer=$(lunatik xdp show | sed '1d; s/  */ /g')
  [ "$answer" = "$1" ] || die "expected '$1' at interfaces, got '$answer'"
}

version 3
lunatik xdp attach lo at_lo 2> /dev/null
silent 3
version 4
ping -i 0.01 -c 500 -W 2 127.0.0.2 > /tmp/blocked & blocked=$!
ping -i 0.01 -c 500 -W 5 127.0.0.1 > /tmp/allowed & allowed=$!
for turn in $(seq 30); do lunatik replace at_lo softirq; done
wait $allowed || die "packets were lost while scripts were replaced: $(tail -n 2 /tmp/allowed)"
! wait $blocked || die "packets passed while scripts were replaced: $(tail -n 2 /tmp/blocked)"
places "lo at_lo generic -"
answers 3
silent 4

# A version that does not load changes nothing.
echo "error('on purpose')" > /lib/modules/lua/at_lo.lua
! lunatik replace at_lo softirq 2> /dev/null || die "a broken version replaces"
silent 4
places "lo at_lo generic -"
# One that has no function for packets gives the place up.
echo "" > /lib/modules/lua/at_lo.lua
lunatik replace at_lo softirq
answers 2
places ""
lunatik stop at_lo

# As ever, the place goes with the script.
version 3
lunatik xdp attach lo at_lo 2> /dev/null
lunatik replace at_lo softirq
silent 3
lunatik stop at_lo
answers 3
places ""
gives "" "shutdown()"
rmmod_all luadata luaxdp
