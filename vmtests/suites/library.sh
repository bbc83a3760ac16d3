# SPDX-License-Identifier: MIT OR GPL-2.0-only
# What the suites are written with, in bash. A suite's script begins with it, and with a plan.
set -u
here=$PWD
scratch=$(mktemp -d)
number=0
trap 'finish' EXIT

# plan N: so many points follow.
plan() { printf 'KTAP version 1\n1..%s\n' "$1"; }

# point FUNCTION DESCRIPTION: a point, which holds if each command of the function succeeds.
point() {
  number=$((number + 1))
  # Alone, not as a condition: there, `set -e` means nothing.
  (set -e; "$1") > "$scratch/said" 2>&1
  local status=$?
  if [ $status = 0 ]; then
    echo "ok $number $2"
  else
    sed 's/^/# /' "$scratch/said"
    echo "not ok $number $2"
  fi
}

# afterwards COMMAND: when the script ends, whatever happens; the last one given first.
afterwards=
afterwards() { afterwards="$1; $afterwards"; }
finish() {
  eval "$afterwards" > /dev/null 2>&1
  rm -rf "$scratch"
}

die() { echo "$*"; exit 1; }

# is TEXT COMMAND...: the command succeeds and prints that.
is() {
  local expected=$1 got
  shift
  got=$("$@" 2>&1) || die "'$*' failed: $got"
  [ "$got" = "$expected" ] || die "'$*' says '$got' instead of '$expected'"
}

# has PATTERN COMMAND...: the command succeeds and prints what matches (a pattern of the shell).
has() {
  local pattern=$1 got
  shift
  got=$("$@" 2>&1) || die "'$*' failed: $got"
  # shellcheck disable=SC2053
  [[ $got == $pattern ]] || die "'$*' says '$got', which is not '$pattern'"
}

# lacks PATTERN COMMAND...: the command succeeds and prints nothing that matches. (Where `set -e` counts, `!` does not.)
lacks() {
  local pattern=$1 got
  shift
  got=$("$@" 2>&1) || die "'$*' failed: $got"
  # shellcheck disable=SC2053
  [[ $got != $pattern ]] || die "'$*' says '$got', which is '$pattern'"
}

# fails PATTERN COMMAND...: the command fails and says what matches.
fails() {
  local pattern=$1 got
  shift
  if got=$("$@" 2>&1); then die "'$*' should fail, and says '$got'"; fi
  [[ $got == $pattern ]] || die "'$*' fails with '$got', which is not '$pattern'"
}

# lua LINE...: lines for the prompt, which shows what expressions are. What waits for ever ends, too.
lua() { printf '%s\n' "$@" | timeout 60 lunatik; }

# shared EXPRESSION: of an entry of the table that all scripts share.
shared() { lua "require('lunatik')._ENV.$1"; }

# clear NAME...: these entries of that table go; entries NAME...: they do, at the end.
clear() {
  local name lines=()
  for name; do lines+=("require('lunatik')._ENV.$name = nil"); done
  lua "${lines[@]}"
}
entries() { afterwards "clear $*"; }

# resume SCRIPT ARGUMENTS: resumes a script of the suite that runs; what its function returns.
resume() { lua "require('lunatik')._ENV.runtimes['$own/$1']:resume(${2-})"; }

# soon COMMAND...: it succeeds now, or within some seconds.
soon() {
  local turn
  for turn in {1..300}; do
    if ("$@") > "$scratch/soon" 2>&1; then return; fi
    sleep 0.05
  done
  die "'$*' does not come true: $(cat "$scratch/soon")"
}

# forget: what the kernel's log says so far counts no more for `logged`.
last=
forget() { last=$(dmesg | tail -n 1); }

# logged PATTERN: the kernel's log has such a line (a basic regular expression).
logged() {
  dmesg | LAST=$last awk '{ lines = lines $0 "\n" } $0 == ENVIRON["LAST"] { lines = "" } END { printf "%s", lines }' |
    grep -e "$1"
}

# holds SCRIPT OPTION...: the script, which asserts what it promises, loads, and is stopped again.
holds() {
  lunatik run "$@"
  lunatik stop "$1"
}

# lists SCRIPT, misses SCRIPT: that runs; that does not.
running() { lunatik list | tr ',' '\n' | tr -d ' '; }
lists() { running | grep -x "$1" || die "$1 does not run: $(running)"; }
misses() { if running | grep -qx "$1"; then die "$1 runs"; fi; }

# stopped SCRIPT...: at the end none of them runs.
stopped() {
  local script
  for script; do afterwards "lunatik stop $script"; done
}

# namespace NAME: a network namespace, until the script ends.
namespace() {
  ip netns add "$1"
  afterwards "ip netns delete $1"
  inside "$1" ip link set lo up
}

# wire ONE OTHER: joins two namespaces: `wire` in each, 10.9.0.1 and fd00:9::1 in one, 10.9.0.2 and fd00:9::2 in the other.
wire() {
  inside "$1" ip link add wire type veth peer name other
  inside "$1" ip link set other netns "$2" name wire
  local name number=1
  for name; do
    inside "$name" ip address add 10.9.0.$number/24 dev wire
    inside "$name" ip address add fd00:9::$number/64 dev wire nodad
    inside "$name" ip link set wire up
    number=$((number + 1))
  done
}

# inside NAME COMMAND...: in a network namespace; everything else, mounts too, is as outside.
inside() {
  local name=$1
  shift
  nsenter --net="/run/netns/$name" "$@"
}

# compile NAME: the program $scratch/NAME, of NAME.c beside the suite's script.
compile() { gcc -Wall -Werror -O1 -o "$scratch/$1" "$here/$1.c"; }
