# SPDX-License-Identifier: MIT OR GPL-2.0-only
# Several scripts at an interface: each sees what those before it let pass, until the last of them has stopped.
insmod_all luadata luaxdp
/usr/bin/ip link set lo up
# script NAME BODY: judges pings to 127.0.0.x, with x as `to`; 1 drops and 2 passes
script() {
  echo "local xdp = require('xdp')
  xdp.attach(function(packet)
    if packet[23] ~= 1 then return 2 end
    local to = packet[33]
    $2
    return 2
  end)" > "/lib/modules/lua/$1.lua"
}
answers() { for to; do ping -c 1 -W 5 "127.0.0.$to" > /tmp/ping 2>&1 || die "127.0.0.$to: expected an answer"; done; }
silent() { for to; do ! ping -c 1 -W 1 "127.0.0.$to" > /tmp/ping 2>&1 || die "127.0.0.$to: expected silence"; done; }
places() {
  answer=$(lunatik xdp show | sed '1d; s/  */ /g; s/^lo \(.*\) generic -$/\1/' | tr '\n' ' ')
  [ "$answer" = "$1" ] || die "expected '$1' at lo, got '$answer'"
}
links() { /usr/bin/ip link show dev lo | grep -o 'prog/xdp id [0-9]*'; }
says() {
  pattern=$1; shift
  ! "$@" > /tmp/words 2>&1 || die "expected to fail: $*"
  case $(cat /tmp/words) in $pattern) ;; *) die "$*: expected '$pattern', got '$(cat /tmp/words)'" ;; esac
}

# The second sees what the first has made of a frame.
script one 'if to == 2 then return 1 end if to == 6 then packet[6] = 1 end if to == 5 then error("on purpose") end'
script two 'if to == 3 or packet[6] == 1 then return 1 end'
script three 'if to == 4 or to == 5 then return 1 end'
lunatik xdp attach lo one --mode generic
lunatik xdp attach lo two
places "one two "
answers 1 4
silent 2 3 6
says "*lo has two already*lunatik xdp detach lo two*" lunatik xdp attach lo two
says "*generic mode*lunatik xdp detach lo*" lunatik xdp attach lo three --mode native
says "*lo does not have three, but one, two*" lunatik xdp detach lo three
says "*one is there twice*" lunatik xdp set lo one two one
says "*three: no running script*" lunatik xdp set lo one three
places "one two "
answers 4

# What fails passes, to the next.
lunatik xdp attach lo three
places "one two three "
silent 2 3 4 5
lunatik xdp detach lo three
answers 5 4
lunatik list | grep -q three || die "who is taken away does not run on"

# Another order, under packets: none is lost, and none passes that all orders drop.
ping -i 0.01 -c 500 -W 2 127.0.0.2 > /tmp/blocked & blocked=$!
ping -i 0.01 -c 500 -W 5 127.0.0.1 > /tmp/allowed & allowed=$!
for turn in $(seq 20); do
  lunatik xdp set lo three two one
  lunatik xdp set lo one
  lunatik xdp set lo one two three
  lunatik xdp detach lo two
done
wait $allowed || die "packets were lost: $(tail -n 2 /tmp/allowed)"
! wait $blocked || die "packets passed: $(tail -n 2 /tmp/blocked)"
lunatik xdp set lo two one.lua three
places "two one three "
# two does not see any more what one makes of it
answers 6
silent 2 3 4 5

# The program is there for as long as one of them is, whichever.
lunatik stop two
places "one three "
answers 3 6
silent 2 4
lunatik replace three softirq
silent 2 4
lunatik stop one
places "three "
answers 2
silent 4
[ "$(links)" ] || die "the program has gone"
lunatik stop three
places ""
answers 4
[ ! "$(links)" ] || die "a program stays when its last script has stopped"

# Ten times all of them come and go, from either end.
for turn in $(seq 10); do
  for name in one two three; do lunatik xdp attach lo $name --mode generic; done
  places "one two three "
  if [ $((turn % 2)) = 0 ]; then lunatik xdp detach lo; places ""; fi
  for name in one three two; do lunatik stop $name; done
  [ ! "$(links)" ] || die "$turn: a program stays"
done

# So many are at an interface at most, and what is too many changes nothing.
for name in a b c d e f g h i; do script $name 'if to == 9 then return 1 end'; done
for name in a b c d e f g h; do lunatik xdp attach lo $name --mode generic; done
says "*8 scripts at most*" lunatik xdp attach lo i
[ "$(lunatik list | tr -d ' ' | tr ',' '\n' | grep -cx i)" = 0 ] || die "it runs all the same"
silent 9
answers 1
lunatik xdp set lo
places ""
answers 9
gives "" "shutdown()"
rmmod_all luadata luaxdp
