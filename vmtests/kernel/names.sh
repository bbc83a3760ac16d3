# SPDX-License-Identifier: MIT OR GPL-2.0-only
# names.sh MODULES FILE: a Lua table of the methods of our classes, as their sources have them.
{
  echo 'return {'
  grep -rhoE '(method|leaf)\(c"[A-Za-z0-9_]+"' --include=*.rs "$1" | sed 's/.*c"\(.*\)"/  "\1",/' | sort -u
  echo '}'
} > "$2"
