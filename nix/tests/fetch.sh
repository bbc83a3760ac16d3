#!/bin/sh
# SPDX-License-Identifier: MIT OR GPL-2.0-only
# What nix/bin/fetch says when it cannot fetch, with a store of its own that holds nothing.
# One line for each promise kept; the first that is broken ends it.
. "$(dirname "$0")/../bin/lib.sh"
work=$(mktemp -d); trap 'chmod -R u+w "$work"; rm -rf "$work"' EXIT
mkdir -p "$work/home" "$work/bin"
# Its paths differ from those of the machine's store: Nix's own builders write where a path says, whatever root a store has.
export HOME="$work/home" NIX_STORE_DIR="$work/store" NIX_STATE_DIR="$work/state" NIX_LOG_DIR="$work/log"
unset LUNAGATE_SECURITY_MIRROR

refuses() { # PROMISE WORDS
  if nix/bin/fetch > "$work/said" 2>&1; then die "$1: it succeeded"; fi
  grep -q "$2" "$work/said" || die "$1: it did not say '$2', but: $(cat "$work/said")"
  echo "fetch: $1"
}

# A port of the loopback on which nobody listens.
export LUNAGATE_DEBIAN_MIRROR=http://127.0.0.1:9/debian/
refuses "a mirror that does not answer is named with the way out" \
  "the Debian mirror does not answer, or has no trixie: check apt's sources or LUNAGATE_DEBIAN_MIRROR"

unset LUNAGATE_DEBIAN_MIRROR
printf '#!/bin/sh\nexit 1\n' > "$work/bin/apt-get"; chmod +x "$work/bin/apt-get"
PATH=$work/bin:$PATH
refuses "a machine without apt learns which variable to set" "no Debian mirror known"
grep -q 'set LUNAGATE_DEBIAN_MIRROR to the base URL of one' "$work/said" || die "the variable is not named"

printf '#!/bin/sh\necho Filesystem\necho none 9000000 8900000 100000 99%% /nix/store\n' > "$work/bin/df"; chmod +x "$work/bin/df"
refuses "too little disk is refused before anything is fetched" \
  "97 MiB are free below /nix/store, the build needs 8192 MiB: make room there"
