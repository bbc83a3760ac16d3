#!/bin/sh
# SPDX-License-Identifier: MIT OR GPL-2.0-only
# Writes the constant modules of `list` as Lua files below OUT, with the numbers that the
# kernel's own headers give to CC and its flags: generate.sh LIST OUT CC FLAGS...
#
# The preprocessor says which macros and enumerators each header has; the compiler then
# says the value of each, and by its errors which macros are no integers.
set -eu
list=$1 out=$2; shift 2
work=$out.work
rm -rf "$out" "$work"; mkdir -p "$out" "$work"
rows() { sed '/^#/d;/^$/d' "$list"; }
rows | awk '!seen[$2]++ { printf "#include <%s>\n", $2 }' > "$work/headers.c"

# "file name" for each macro without parameters and each enumerator.
"$@" -E -dD "$work/headers.c" | awk '
  $1 == "#" { file = $3; gsub(/.*\/|"/, "", file); next }
  $1 == "#define" { if ($2 !~ /\(/) print file, $2; next }
  /^#/ { next }
  {
    line = line " " $0
    while (match(line, /[;{}]/)) {
      piece = substr(line, 1, RSTART - 1); mark = substr(line, RSTART, 1); line = substr(line, RSTART + 1)
      if (mark == "}" && inside) {
        count = split(piece, members, ",")
        for (i = 1; i <= count; i++)
          if (match(members[i], /[A-Za-z_][A-Za-z_0-9]*/)) print file, substr(members[i], RSTART, RLENGTH)
      }
      inside = (mark == "{" && piece ~ /(^|[^A-Za-z_0-9])enum([^A-Za-z_0-9]|$)/ && piece !~ /[()=]/)
    }
  }' | sort -u > "$work/names"

# "module key expression", for constants; structures give one for each number.
rows | awk -v names="$work/names" '
  BEGIN { while ((getline < names) > 0) { file[++n] = $1; name[n] = $2 } }
  function begins(text, with) { return substr(text, 1, length(with)) == with }
  $3 == "struct" {
    print $1, $5 ".size", "sizeof(struct " $4 ")"
    for (i = 6; i <= NF; i++) {
      print $1, $5 "." $i ".offset", "offsetof(struct " $4 ", " $i ")"
      print $1, $5 "." $i ".size", "sizeof(((struct " $4 " *)0)->" $i ")"
      print $1, $5 "." $i ".signed", "((typeof(((struct " $4 " *)0)->" $i "))-1 < 1)"
    }
    next
  }
  $4 == "only" { for (i = 5; i <= NF; i++) print $1, $i, $3 $i; next }
  {
    stem = $2; sub(/.*\//, "", stem); sub(/\.h$/, "", stem)
    for (i = 1; i <= n; i++) {
      if (!begins(file[i], stem) || !begins(name[i], $3) || name[i] == $3) continue
      for (j = 5; j <= NF && !begins(name[i], $j); j++);
      if (j > NF || $4 != "not") print $1, substr(name[i], length($3) + 1), name[i]
    }
  }' | sort -u > "$work/wanted"

# The values. What is no integer constant is an error in its line, and left out.
while :; do
  { cat "$work/headers.c"; echo 'void values(void) {'
    awk '{ m = $1; k = $2; $1 = $2 = ""; printf "asm volatile(\"\\n.ascii \\\"->%s %s %%c0\\\"\" :: \"i\"((long long)(%s)));\n", m, k, $0 }' "$work/wanted"
    echo '}'; } > "$work/values.c"
  if "$@" -w -ferror-limit=0 -S -o "$work/values.s" "$work/values.c" 2> "$work/errors"; then break; fi
  start=$(($(wc -l < "$work/headers.c") + 1))
  sed -n "s|^[^ ]*values\.c:\([0-9]*\):.*error: .*|\1|p" "$work/errors" | sort -un |
    awk -v start="$start" '{ print $1 - start }' > "$work/bad"
  [ -s "$work/bad" ] || { cat "$work/errors" >&2; echo "generate.sh: the headers of $list do not compile" >&2; exit 1; }
  awk 'NR == FNR { bad[$1] = 1; next } !(FNR in bad)' "$work/bad" "$work/wanted" > "$work/kept"
  mv "$work/kept" "$work/wanted"
done

# One file a module: `return { NAME = value, ... }`. Names with a dot are of structures.
sed -n 's/^.*->\([^ ]* [^ ]* -\{0,1\}[0-9]*\).*$/\1/p' "$work/values.s" | sort -k1,1 -k2,2 | awk -v out="$out" '
  function close_file() { if (path != "") { print "}" > path; close(path) } }
  $2 ~ /\./ { next }
  {
    if ($1 != module) {
      close_file(); module = $1; path = $1; gsub(/\./, "/", path); path = out "/" path ".lua"
      directory = path; sub(/\/[^\/]*$/, "", directory); system("mkdir -p \"" directory "\"")
      print "-- From the headers of the kernel that this was built for." > path
      print "return {" > path
    }
    printf "  [\"%s\"] = %s,\n", $2, $3 > path
  }
  END { close_file() }'
# Structures, in the order of their fields.
for module in $(rows | awk '$3 == "struct" { print $1 }' | sort -u); do
  path=$out/$(echo "$module" | tr . /).lua
  mkdir -p "${path%/*}"
  { echo "-- From the headers of the kernel that this was built for."; echo "return {"
    rows | awk -v module="$module" '$1 == module && $3 == "struct" { print $5; for (i = 6; i <= NF; i++) print $5, $i; print "end" }' |
      awk -v values="$work/values.s" -v module="$module" '
        BEGIN { while ((getline line < values) > 0) if (match(line, /->[^"]*/)) { split(substr(line, RSTART + 2, RLENGTH - 2), f, " "); v[f[1] " " f[2]] = f[3] } }
        function get(key) { return v[module " " key] }
        NF == 1 && $1 == "end" { print "  } },"; next }
        NF == 1 { printf "  %s = { size = %s, fields = {\n", $1, get($1 ".size"); next }
        { k = $1 "." $2; printf "    { name = \"%s\", offset = %s, size = %s, signed = %s },\n", $2, get(k ".offset"), get(k ".size"), get(k ".signed") == 1 ? "true" : "false" }'
    echo "}"; } > "$path"
done

# Every module has something in it, and every name that the list asks for by name is there.
for module in $(rows | awk '{ print $1 }' | sort -u); do
  path=$out/$(echo "$module" | tr . /).lua
  [ "$(wc -l < "$path" 2> /dev/null || echo 0)" -gt 3 ] || { echo "generate.sh: linux.$module: no constants found" >&2; exit 1; }
done
rows | awk '$4 == "only" { for (i = 5; i <= NF; i++) print $1, $i }' | while read -r module name; do
  grep -q "\[\"$name\"\]" "$out/$(echo "$module" | tr . /).lua" || { echo "generate.sh: linux.$module: $name is not in the kernel's headers" >&2; exit 1; }
done

# A module with others below it has them as fields, too: require("linux.nf").action.DROP.
find "$out" -mindepth 1 -type d | sort | while read -r folder; do
  [ -e "$folder.lua" ] || printf -- '-- The modules below.\nreturn {\n}\n' > "$folder.lua"
  module=$(echo "${folder#"$out"/}" | tr / .)
  sed -i '$d' "$folder.lua"
  find "$folder" -mindepth 1 -maxdepth 1 | sed 's|.*/||; s|\.lua$||' | sort -u |
    while read -r name; do printf '  ["%s"] = require("linux.%s.%s"),\n' "$name" "$module" "$name"; done >> "$folder.lua"
  echo "}" >> "$folder.lua"
done
rm -rf "$work"
