# SPDX-License-Identifier: MIT OR GPL-2.0-only
# override.sh FLAVOUR FRAGMENT...: print the fragments without what the flavour's own
# fragment says.
set -eu
flavour=$1; shift
names=$(sed -nE 's/^(# )?CONFIG_([A-Za-z0-9_]+)(=| is not set).*/\2/p' "$flavour" | paste -sd '|')
cat "$@" | grep -vE "^(# )?CONFIG_($names)(=| is not set)"
