# SPDX-License-Identifier: MIT OR GPL-2.0-only
# configure.sh SOURCE FRAGMENT...: make SOURCE/.config from fragments, everything
# else off; fails naming each wish that Kconfig did not grant.
set -eu
source=$1; shift
cat "$@" > "$source/wishes"
cd "$source"
repeated=$(grep -ohE '^(# )?CONFIG_[A-Z0-9a-z_]+' wishes | sed 's/^# //' | sort | uniq -d)
[ -z "$repeated" ] || { echo "kernel/config: said in two places: $repeated" >&2; exit 1; }
make -s LLVM=1 KCONFIG_ALLCONFIG=wishes allnoconfig
grep -E '^CONFIG_' wishes | while IFS= read -r wish; do
  name=${wish%%=*}
  case $wish in
    *=n) ! grep -q "^$name=" .config || echo "$wish" ;;
    *) grep -qxF "$wish" .config || echo "$wish" ;;
  esac
done > refused
[ ! -s refused ] || { echo "kernel/config: Kconfig does not grant (a dependency is missing?):" >&2; cat refused >&2; exit 1; }
