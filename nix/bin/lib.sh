# SPDX-License-Identifier: MIT OR GPL-2.0-only
# Shared by the commands in this folder: settings of Nix, and where Debian comes from.
set -eu
cd "$(dirname "$0")/../.."
die() { echo "${0##*/}: $*" >&2; exit 1; }
say() { echo "==> $*" >&2; }

export NIX_CONFIG="${NIX_CONFIG-}
extra-experimental-features = nix-command flakes
substitute = false
warn-dirty = false"
# Nix without a daemon, and without build users to switch to: builds run as root, or as you.
getent group nixbld > /dev/null || NIX_CONFIG="$NIX_CONFIG
build-users-group ="

# archive LABEL: the base URL of a Debian archive, as apt on this machine knows it.
archive() {
  apt-get indextargets --format '$(REPO_URI)' 'Created-By: Packages' 'Component: main' "Label: $1" 2> /dev/null | head -n 1
}

# Sets LUNAGATE_DEBIAN_MIRROR and LUNAGATE_SECURITY_MIRROR, each ending in a slash.
mirrors() {
  : "${LUNAGATE_DEBIAN_MIRROR:=$(archive Debian)}"
  [ -n "$LUNAGATE_DEBIAN_MIRROR" ] || die "no Debian mirror known.  Either configure apt and run 'apt-get update',
  or set LUNAGATE_DEBIAN_MIRROR to the base URL of one, the folder that holds 'dists' and 'pool'"
  LUNAGATE_DEBIAN_MIRROR=${LUNAGATE_DEBIAN_MIRROR%/}/
  : "${LUNAGATE_SECURITY_MIRROR:=$(archive Debian-Security)}"
  : "${LUNAGATE_SECURITY_MIRROR:=${LUNAGATE_DEBIAN_MIRROR%/}-security}"
  LUNAGATE_SECURITY_MIRROR=${LUNAGATE_SECURITY_MIRROR%/}/
  export LUNAGATE_DEBIAN_MIRROR LUNAGATE_SECURITY_MIRROR
}
