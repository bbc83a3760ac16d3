# SPDX-License-Identifier: MIT OR GPL-2.0-only
# lunatik xdp: scripts at interfaces, by the router's own command, and packets that tell.

# says PATTERN COMMAND...: it fails, in words that match
says() {
  pattern=$1; shift
  ! "$@" > /tmp/words 2>&1 || die "expected to fail: $*"
  case $(cat /tmp/words) in
    $pattern) ;;
    *) die "$*: expected '$pattern', got '$(cat /tmp/words)'" ;;
  esac
}
# shows TEXT: the list of scripts at interfaces, columns apart by one blank, without its head
shows() {
  answer=$(lunatik xdp show | sed 1d | sed 's/  */ /g')
  [ "$answer" = "$1" ] || die "expected '$1' at interfaces, got '$answer'"
}
# programs INTERFACE TEXT: the modes of the XDP programs that the kernel has there
programs() {
  answer=$(/usr/bin/ip link show dev "$1" | grep -o ' xdp[a-z]* ' | tr -d ' ' | tr '\n' ' ')
  [ "$answer" = "$2" ] || die "$1: expected the programs '$2', got '$answer'"
}
runs() { [ "$(lunatik list)" = "$1" ] || die "expected '$1' to run, got '$(lunatik list)'"; }
answers() { ping -c 1 -W 5 "$1" > /tmp/ping 2>&1 || die "$1: expected an answer"; }
silent() { ! ping -c 1 -W 1 "$1" > /tmp/ping 2>&1 || die "$1: expected silence"; }

# Without the module.
says "*luaxdp is not loaded*lunatik load*" lunatik xdp attach lo xdp_cases
says "*lo has no script*" lunatik xdp detach lo
shows ""
insmod_all luadata luaxdp
/usr/bin/ip link set lo up
runs ""

# What cannot be attached leaves nothing.
says "*there is no interface nowhere*ip link*" lunatik xdp attach nowhere xdp_cases
says "*there is no interface a_name_of_16_chars*" lunatik xdp attach a_name_of_16_chars xdp_cases
says "*there is no interface nowhere*" lunatik xdp detach nowhere
says "*missing.lua*no such file*" lunatik xdp attach lo missing
says "*xdp_none: *attaches*xdp.attach*" lunatik xdp attach lo xdp_none
says "*lo has no native mode: *native mode*--mode generic*" lunatik xdp attach lo xdp_cases --mode native
says "*no type information*CONFIG_DEBUG_INFO_BTF*" \
  unshare -m sh -c 'mount -t tmpfs none /sys/kernel/btf && lunatik xdp attach lo xdp_cases'
says "*invalid value*" lunatik xdp attach lo xdp_cases --fail perhaps
says "*invalid value*" lunatik xdp attach lo xdp_cases --mode fast
runs ""
programs lo ""

# Who interrupts it finds the script attached or not running, whenever that is.
for delay in $(seq 0 30 270); do
  lunatik xdp attach lo xdp_cases > /tmp/words 2>&1 &
  usleep ${delay}000
  kill -TERM $! 2> /tmp/words || true
  wait $! || true
  case "$(lunatik list) $(lunatik xdp show | grep -c '^lo ')" in
    " 0") ;;
    "xdp_cases 1") lunatik stop xdp_cases ;;
    *) die "interrupted after $delay ms: '$(lunatik list)' runs, and at interfaces are '$(lunatik xdp show)'" ;;
  esac
done
runs ""

# Generic mode, and the reason for it.
answers 127.0.0.2
lunatik xdp attach lo xdp_cases 2> /tmp/words
grep -q "lo: attached in generic mode.*native mode" /tmp/words || die "no remark: $(cat /tmp/words)"
runs xdp_cases
programs lo "xdpgeneric "
shows "lo xdp_cases generic -"
lunatik status | grep -qx "xdp_cases: at lo, generic mode" || die "status: $(lunatik status)"
answers 127.0.0.1
silent 127.0.0.2
# a function that fails passes, unless the script says otherwise
answers 127.0.0.3
says "*lo has xdp_cases already*lunatik xdp detach lo xdp_cases*" lunatik xdp attach lo xdp_cases

# The kernel counts packets if it is told to.
echo 1 > /proc/sys/kernel/bpf_stats_enabled
answers 127.0.0.1
count=$(lunatik xdp show --json | sed -n 's/^ *"packets": //p')
[ "$count" -ge 2 ] || die "a ping and its answer are $count packets"
echo 0 > /proc/sys/kernel/bpf_stats_enabled

# Away from the interface the script runs on, and comes back as it is.
lunatik xdp detach lo
programs lo ""
shows ""
runs xdp_cases
answers 127.0.0.2
says "*lo has no script*lunatik xdp show*" lunatik xdp detach lo
says "*xdp_cases runs already*lunatik stop xdp_cases*" lunatik xdp attach lo xdp_cases --fuel 5000
says "*xdp_cases runs already*" lunatik xdp attach lo xdp_cases.lua --fail drop
programs lo ""
lunatik xdp attach lo xdp_cases.lua --mode generic 2> /tmp/words
[ ! -s /tmp/words ] || die "a remark about what was asked for: $(cat /tmp/words)"
silent 127.0.0.2

# Where the script ends, its program goes.
lunatik stop xdp_cases
programs lo ""
shows ""
answers 127.0.0.2

lunatik xdp attach lo xdp_cases --mode generic --fail drop --fuel 5000 --memory 100000
answers 127.0.0.1
silent 127.0.0.3
lunatik stop xdp_cases
lunatik xdp attach lo xdp_cases --mode generic --fail pass
answers 127.0.0.3
lunatik stop xdp_cases

# What fails too often has its fail verdict for all packets until somebody has looked.
lunatik xdp attach lo xdp_cases --mode generic --fail drop --faults 3
for turn in 1 2 3; do silent 127.0.0.3; done
lunatik status | grep -q 'quarantined since' || die "not quarantined: $(lunatik status)"
silent 127.0.0.1
lunatik resume xdp_cases
answers 127.0.0.1
lunatik stop xdp_cases

# Somebody else's program stays: int pass(void *context) { return XDP_PASS; }
base64 -d > /tmp/pass.o <<END
f0VMRgIBAQAAAAAAAAAAAAEA9wABAAAAAAAAAAAAAAAAAAAAAAAAANAAAAAAAAAAAAAAAEAAAAAA
AEAABgABALcAAAACAAAAlQAAAAAAAABHUEwAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAcA
AAASAAMAAAAAAAAAAAAQAAAAAAAAABAAAAARAAQAAAAAAAAAAAAEAAAAAAAAAAAudGV4dABwYXNz
AHhkcABfbGljZW5zZQAuc3RydGFiAC5zeW10YWIAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA
AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAZAAAAAwAAAAAAAAAA
AAAAAAAAAAAAAACgAAAAAAAAACkAAAAAAAAAAAAAAAAAAAABAAAAAAAAAAAAAAAAAAAAAQAAAAEA
AAAGAAAAAAAAAAAAAAAAAAAAQAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAABAAAAAAAAAAAAAAAAAAA
AAwAAAABAAAABgAAAAAAAAAAAAAAAAAAAEAAAAAAAAAAEAAAAAAAAAAAAAAAAAAAAAgAAAAAAAAA
AAAAAAAAAAARAAAAAQAAAAMAAAAAAAAAAAAAAAAAAABQAAAAAAAAAAQAAAAAAAAAAAAAAAAAAAAB
AAAAAAAAAAAAAAAAAAAAIQAAAAIAAAAAAAAAAAAAAAAAAAAAAAAAWAAAAAAAAABIAAAAAAAAAAEA
AAABAAAACAAAAAAAAAAYAAAAAAAAAA==
END
/usr/bin/ip link set dev lo xdpgeneric obj /tmp/pass.o sec xdp
says "*lo is taken: an XDP program that is not lunatik's*ip link set dev lo xdpgeneric off*" \
  lunatik xdp attach lo xdp_cases
says "*lo has no script; an XDP program that is not lunatik's*" lunatik xdp detach lo
programs lo "xdpgeneric "
runs ""
/usr/bin/ip link set dev lo xdpgeneric off

# The driver's own mode, on a wire to a namespace.
mkdir -p /run
/usr/bin/ip netns add far
/usr/bin/ip link add near type veth peer name wire netns far
far() { /usr/bin/ip netns exec far "$@"; }
for case in 1 2 3; do /usr/bin/ip address add 10.9.0.$case/24 dev near; done
/usr/bin/ip link set near up
far /usr/bin/ip address add 10.9.0.100/24 dev wire
far /usr/bin/ip link set wire up
far_answers() { far ping -c 1 -W 5 "$@" > /tmp/ping 2>&1 || die "$*: expected an answer from far"; }
far_silent() { ! far ping -c 1 -W 1 "$@" > /tmp/ping 2>&1 || die "$*: expected silence from far"; }
far_answers 10.9.0.2
lunatik xdp attach near xdp_cases 2> /tmp/words
[ ! -s /tmp/words ] || die "a remark about native mode: $(cat /tmp/words)"
programs near "xdp "
shows "near xdp_cases native -"
far_answers 10.9.0.1
far_silent 10.9.0.2
far_answers 10.9.0.3

# It stays over a loss of link and under a new name.
/usr/bin/ip link set near down
/usr/bin/ip link set near name close
/usr/bin/ip link set close up
shows "close xdp_cases native -"
far_answers 10.9.0.1
far_silent 10.9.0.2

# The same script at a second interface; and the first is removed.
lunatik xdp attach lo xdp_cases --mode generic
silent 127.0.0.2
shows "close xdp_cases native -
lo xdp_cases generic -"
/usr/bin/ip link delete close
shows "- xdp_cases - -
lo xdp_cases generic -"
lunatik status | grep -qx "xdp_cases: at an interface that has gone" || die "status: $(lunatik status)"
lunatik xdp show --json | tr -d ' \n' > /tmp/json
index=$(cat /sys/class/net/lo/ifindex)
gone='{"interface":null,"ifindex":null,"script":"xdp_cases","mode":null,"packets":null}'
here='{"interface":"lo","ifindex":'$index',"script":"xdp_cases","mode":"generic","packets":null}'
[ "$(cat /tmp/json)" = "[$gone,$here]" ] || die "json: $(cat /tmp/json)"
lunatik stop xdp_cases
shows ""
programs lo ""

# A driver that cannot show its largest packets whole.
/usr/bin/ip link add near mtu 9000 type veth peer name wire mtu 9000 netns far
/usr/bin/ip address add 10.9.0.1/24 dev near
/usr/bin/ip address add 10.9.0.2/24 dev near
/usr/bin/ip link set near up
far /usr/bin/ip address add 10.9.0.100/24 dev wire
far /usr/bin/ip link set wire up
far_answers -s 8000 10.9.0.1
lunatik xdp attach near xdp_cases 2> /tmp/words
grep -q "near: .*first.*MTU" /tmp/words || die "no remark: $(cat /tmp/words)"
programs near "xdp "
far_answers -s 8000 10.9.0.1
far_silent -s 8000 10.9.0.2
/usr/bin/ip link delete near
lunatik stop xdp_cases
/usr/bin/ip netns delete far

# A script of another context runs on as it was.
lunatik run hello
says "*hello: *attaches*xdp.attach*" lunatik xdp attach lo hello
runs hello
lunatik stop hello

gives "" "shutdown()"
rmmod_all luadata luaxdp
