# SPDX-License-Identifier: MIT OR GPL-2.0-only
# What the kernel-side tests are written with.

die() { echo "  $*"; exit 1; }

# evaluate CHUNK: runs it in the driver; sets $answer, and $problem to what write(2) failed
# with, if it did. Returns whether it ran.
evaluate() {
  exec 3<> /dev/lunatik
  problem=
  printf '%s' "$1" > /tmp/chunk
  dd if=/tmp/chunk bs=1M >&3 2> /tmp/problem || problem=$(sed -n 's/^dd: .*: //p' /tmp/problem)
  answer=$(cat <&3)
  exec 3>&-
  [ -z "$problem" ]
}

# gives TEXT CHUNK: it runs, and its results are TEXT
gives() {
  evaluate "$2" || die "$2: $problem: $answer"
  [ "$answer" = "$1" ] || die "$2: expected '$1', got '$answer'"
}

# fails ERRNO PATTERN CHUNK: write fails with the errno's text, the message matches
fails() {
  ! evaluate "$3" || die "$3: expected to fail, got '$answer'"
  [ "$problem" = "$1" ] || die "$3: expected '$1', got '$problem' ($answer)"
  case $answer in
    $2) ;;
    *) die "$3: expected the message '$2', got '$answer'" ;;
  esac
}

EINVAL="Invalid argument" ETIME="Timer expired" ENOMEM="Cannot allocate memory"

# The log since this test began.
log() { dmesg; }

# logged TIMES PATTERN: so many lines of this test's log match
logged() {
  lines=$(log | grep -c -e "$2" || true)
  [ "$lines" = "$1" ] || die "expected $1 times '$2' in the log, got $lines"
}

# refuses COMMAND...: it fails
refuses() {
  if "$@" 2> /tmp/refusal; then die "expected to fail: $*"; fi
}

# The modules for scripts, each after those that it stands on.
bindings="luarcu luadata luabyteorder lualinux luacpu luapacket luaset lualpm luafifo luacompletion luathread luadevice luanotifier luasignal luaio luaprobe luasyscall luahid
  luabpf luasocket luaulp luanetlink luacrypto luadarken luaskb luanetfilter luaconntrack luatimer luaxdp luacpufreq luaskel x_tables luaxtables"

loaded() { grep -q "^$1 " /proc/modules; }

# sees PATTERN [TIMES]: so many lines of this test's log match, or one, now or soon
sees() {
  for turn in $(seq 100); do
    [ "$(log | grep -c -e "$1")" -lt "${2:-1}" ] || return 0
    usleep 50000
  done
  die "expected '$1' in the log"
}

# awaits TIMES PATTERN: the same, and no more
awaits() { sees "$2" "$1"; logged "$1" "$2"; }

# at_exit COMMANDS: however the test ends, the last given first
exits=
at_exit() { exits="$1; $exits"; trap "$exits" EXIT; }

# one_cpu: until the test ends, so that there is one Lua state for all packets
one_cpu() {
  at_exit 'echo 1 > /sys/devices/system/cpu/cpu1/online'
  echo 0 > /sys/devices/system/cpu/cpu1/online
}

# flows_stay: until the test ends, no flow ends by the clock
flows_stay() {
  for timeout in /proc/sys/net/netfilter/nf_conntrack_*timeout*; do
    at_exit "echo $(cat $timeout) > $timeout"
    echo 3000 > $timeout
  done
}

# insmod_all MODULE...: each after those that it stands on, until the test ends
insmod_all() {
  for module; do insmod /modules/$module.ko || die "cannot load $module"; done
  at_exit "shut_down; rmmod_all $*"
}
shut_down() { ! loaded lunatik || evaluate "shutdown()" || echo "  shutdown: $answer"; }

# rmmod_all MODULE...: those that are loaded, the last named first
rmmod_all() {
  for module in $(echo "$@" | tr ' ' '\n' | tac); do
    # One may be in use for a moment after its last user went: an XDP program is freed when no CPU can be in it.
    for turn in $(seq 250); do
      loaded $module || continue 2
      rmmod $module 2> /dev/null || usleep 20000
    done
    ! loaded $module || die "cannot unload $module: used by $(cat /sys/module/$module/refcnt)"
  done
}
