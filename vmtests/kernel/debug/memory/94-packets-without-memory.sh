# SPDX-License-Identifier: MIT OR GPL-2.0-only
# Whichever allocation fails for a packet, it gets the script's verdict or the fail verdict.
. /faults.sh
modules="luarcu luadata luapacket luaset lualinux luafifo luacompletion luaskb luanetfilter luaxdp luatimer"
insmod_all x_tables ip_tables iptable_filter
insmod_all lunatik $modules luaxtables
ip link set lo up
in_modules "lu[an]*"

# So many calls of the script have failed.
failed() { evaluate "return status()" || die "$answer"; echo "$answer" | awk -v name=$script '$1 == name { print $5 }'; }
# pings COUNT ADDRESS: how many of so many are answered
pings() { ping -q -i 0.01 -c $1 -W 1 $2 2> /dev/null | sed -n 's/.* \([0-9]*\) packets received.*/\1/p'; }

# Rules ask before the verdict is known, so that what fails matches nothing, or is dropped.
export XTABLES_LOCKFILE=/tmp/xtables.lock
rule() { iptables-legacy "$@" INPUT -p icmp -m lua --function unwanted -j DROP; }

for script in faults/packets faults/ingress faults/asked faults/frames; do
  for fail in accept drop; do
    case $script in
      faults/packets | faults/ingress) gives "" "run('$script', 'softirq', { fail = '$fail', fuel = 100000, faults = 0 })" ;;
      faults/asked)
        gives "" "run('$script', 'softirq', { single = true, fail = '$fail', fuel = 100000, faults = 0 })"
        rule -A
        ;;
      faults/frames) lunatik xdp attach lo $script --mode generic --fail $(echo $fail | sed s/accept/pass/) --fuel 100000 --faults 0 ;;
    esac
    # The script accepts those to the first address, and drops those to the second.
    spoiling
    accepted=$(pings 1500 127.0.0.1) dropped=$((1500 - $(pings 1500 127.0.0.2)))
    spare
    failures=$(failed)
    case $fail in
      accept) wrong=$((1500 - dropped)); [ $accepted = 1500 ] || die "$accepted of 1500 pass where both verdicts accept" ;;
      drop) wrong=$((1500 - accepted)); [ $dropped = 1500 ] || die "$dropped of 1500 are dropped where both verdicts drop" ;;
    esac
    [ $wrong -le $failures ] || die "$wrong packets have the fail verdict, but $failures calls failed"
    [ $failures -gt 100 ] || die "$script: only $failures calls failed"
    echo "<6>  $failures calls of $script failed for want of memory" > /dev/kmsg
    # With memory it goes on as before.
    [ "$(pings 5 127.0.0.1) $(pings 5 127.0.0.2)" = "5 0" ] || die "$script does not recover"
    [ $script != faults/asked ] || rule -D
    gives "" "stop('$script')"
  done
done
gives "" "shutdown()"
rmmod_all lunatik $modules luaxtables
logged 0 "leaked"
