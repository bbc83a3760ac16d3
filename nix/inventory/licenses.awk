# SPDX-License-Identifier: MIT OR GPL-2.0-only
# The licenses that a copyright file of Debian names, one a line, in its words: those of its fields where it is
# written for machines (DEP 5), else of the common licenses to which it points.
/^Format:/ { machines = 1 }
machines && /^License:/ {
  sub(/^License:[ \t]*/, "")
  # With brackets it is an expression, which stays one.
  if (!/[()]/) gsub(/[ \t]+(or|and|OR|AND)[ \t]+|,[ \t]*(or |and )?[ \t]*|[ \t]+and\/or[ \t]+/, "\n")
  count = split($0, words, "\n")
  for (i = 1; i <= count; i++) found[words[i]]
}
!machines {
  line = $0
  while (match(line, /common-licenses\/[A-Za-z]+(-[0-9.]*[0-9])?/)) {
    common[substr(line, RSTART + 16, RLENGTH - 16)]
    line = substr(line, RSTART + RLENGTH)
  }
}
END {
  if (!machines) for (name in common) found[name]
  for (name in found) if (name != "") print name
}
