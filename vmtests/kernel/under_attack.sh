# SPDX-License-Identifier: MIT OR GPL-2.0-only
# Runs attacks and tells how they ended. An attack's second line says what it is in each context, one a line:
#   -- CONTEXT: HOW
# CONTEXT is `process`, `softirq` or `hardirq`, where it is a script's body; `hook`, where it judges a packet; `packets`, where its
# body registers hooks, which get packets. HOW is `ran`, `any`, a part of the error, or, where packets are, `fails`.

lua=/lib/modules/lua
insmod_all libaes aes_generic ctr $bindings
ip link set lo up

milliseconds() { read up idle < /proc/uptime; echo ${up%.*}${up#*.}0; }
# So many milliseconds a body or the end of a script may take here, and so many a packet, where a processor is a program
# on a machine that may be busy. The units below are some 20 and 2 ms of work; what is not paid for is thousandfold.
slow=$(sed -n 's/.*\bslow=\([0-9]*\).*/\1/p' /proc/cmdline)
patience=$((30000 * ${slow:-1})) packet_patience=$((5000 * ${slow:-1}))
budget="{ load_fuel = 100000, fuel = 10000, memory = 512 << 10 }"

# holds NAME HOW ANSWER: it ended as it had to
holds() {
  case $2 in
    any) ;;
    ran|fails) [ "$3" = "$2" ] || die "$1: expected '$2', got '$3'" ;;
    *) case $3 in *"$2"*) ;; *) die "$1: expected '$2', got '$3'" ;; esac ;;
  esac
}

# body NAME CONTEXT HOW: an attack as a script's body
body() {
  begun=$(milliseconds)
  if evaluate "run('attack/$1', '$2', $budget)"; then
    evaluate "stop('attack/$1')" || die "$1 in $2: it cannot be stopped: $answer"
    answer=ran
  fi
  took=$(($(milliseconds) - begun))
  holds "$1 in $2" "$3" "$answer"
  [ $took -lt $patience ] || die "$1 in $2: it took $took ms"
}

# faults NAME: how often the script's functions have failed, all CPUs together
faults() {
  evaluate "return status()" || die "$answer"
  echo "$answer" | awk -v name="$1" '$1 == name { print $5 }'
}

# packets NAME HOW [SCRIPT]: an attack that packets meet; they get the fail verdict, which is accept
packets() {
  script=${3-attack/$1}
  evaluate "run('$script', 'softirq', { load_fuel = 1000000, fuel = 10000, memory = 512 << 10 })" || die "$1: $answer"
  ping -c 2 -i 0.02 -W 10 127.0.0.66 > /tmp/ping || die "$1: packets are lost: $(tail -n 2 /tmp/ping)"
  failed=$(faults $script)
  begun=$(milliseconds)
  evaluate "stop('$script')" || die "$1: it cannot be stopped: $answer"
  took=$(($(milliseconds) - begun))
  how=ran
  [ "$failed" = 0 ] || { how=fails; all_faults=$((all_faults + 1)); }
  holds "$1, asked about packets" "$2" "$how"
  slowest=$(sed -n 's/.*time=\([0-9]*\).*/\1/p' /tmp/ping | sort -n | tail -n 1)
  [ "$slowest" -lt $packet_patience ] || die "$1: a packet took $slowest ms"
  [ $took -lt $patience ] || die "$1: stopping took $took ms"
}
all_faults=0

# hooked NAME HOW: an attack as what a hook does
hooked() { packets $1 "$2" attack/hook/$1; }

# guarded: the next policy loads and filters
guarded() {
  gives "" "run('attack/guard', 'softirq')"
  ping -c 1 -W 5 127.0.0.78 > /tmp/ping || die "a packet that the policy accepts is lost"
  ! ping -c 1 -W 1 127.0.0.77 > /tmp/ping || die "the policy does not filter"
  gives "" "stop('attack/guard')"
}

# attacks FOLDER: all of them, as their lines say
attacks() {
  for attack in $lua/attack/$1/*.lua; do
    name=$1/${attack##*/}; name=${name%.lua}
    sed -n '2,/^[^-]/s/^-- \([a-z]*\): \(.*\)/\1 \2/p' $attack > /tmp/lines
    grep -q . /tmp/lines || die "$name: it does not say where it runs"
    while read -r context how; do
      case $context in
        process|softirq|hardirq) body $name $context "$how" ;;
        hook) hooked $name "$how" ;;
        packets) packets $name "$how" ;;
        *) die "$name: no context '$context'" ;;
      esac
    done < /tmp/lines
  done
  evaluate "shutdown()" || die "$answer"
  evaluate "return status()"
  [ -z "$answer" ] || die "after $1: what still runs: $answer"
}
