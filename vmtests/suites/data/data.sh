# SPDX-License-Identifier: MIT OR GPL-2.0-only
# Bytes, their order, and structures.
. ../library.sh
plan 7
own=tests/data
stopped $own/{integers,bounds,strings,network,checksums,orders,layouts}

everywhere() {
  local context
  for context in process softirq hardirq; do holds "$own/$1" $context; done
}
integers() { everywhere integers; }
point integers "integers of each width are read as they were written"
bounds() { everywhere bounds; }
point bounds "what lies beyond the end is neither read nor written"
strings() { everywhere strings; }
point strings "strings go in and out, and sizes change"
network() { everywhere network; }
point network "integers in the network's order are read where they lie"
checksums() { everywhere checksums; }
point checksums "checksums are those of RFC 1071"
orders() { everywhere orders; }
point orders "byte orders are swapped as string.pack has them"

layouts() {
  compile layouts
  lunatik run $own/layouts
  is "$("$scratch/layouts")" resume layouts
  lunatik stop $own/layouts
}
point layouts "structures are laid out as a C compiler lays them out"
