# SPDX-License-Identifier: MIT OR GPL-2.0-only
# attacks.sh LIBRARY BINDINGS FOLDER: makes scripts of attacks. Those on the language (LIBRARY) and each folder of
# BINDINGS go to FOLDER as they are; `hook` there has each one as what a hook does with a packet: the chunk in a
# function, on its own lines.
mkdir -p "$3/library"
cp "$1"/*.lua "$3/library/"
cp -r "$2/." "$3/"
for attack in "$3"/*/*.lua; do
  name=${attack#"$3/"}
  mkdir -p "$3/hook/${name%/*}"
  { sed '1s/^/require("attack.hooked")(function(...) /' "$attack"; echo 'end)'; } > "$3/hook/$name"
done
