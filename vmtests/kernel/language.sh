# SPDX-License-Identifier: MIT OR GPL-2.0-only
# language.sh SUITE FOLDER: makes scripts of the language's suite. Each room loads what it is written with,
# on its first line, which is a comment, so that the others keep their numbers.
mkdir -p "$2"
cp "$1/suite.lua" "$2/"
for room in "$1"/*.lua; do
  case ${room##*/} in
    suite.lua|coverage.lua) ;; # the latter is for all rooms in one state
    *) sed '1s/^/require("language.suite") /' "$room" > "$2/${room##*/}" ;;
  esac
done
