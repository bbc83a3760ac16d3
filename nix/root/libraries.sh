# SPDX-License-Identifier: MIT OR GPL-2.0-only
# libraries ROOT TREE: copies the libraries that the programs in TREE name, and those that
# they name in turn, from the root file system ROOT, whose set of packages must have those that TREE has not.
libraries() {
  local from=$(echo $1/usr/lib/*-linux-gnu) library to
  to=$2/usr/lib/${from##*/}
  needed() { llvm-readelf --needed-libs "$1" 2> /dev/null | sed -n 's/^  //p' || true; }
  find $(ls -d $2/usr/{bin,sbin,lib,libexec} 2> /dev/null) -path $2/usr/lib/modules -prune -o -type f -print | while read -r file; do needed "$file"; done | sort -u > todo
  # Some that a package has for itself are in a folder of its own.
  find $2/usr/lib -name '*.so*' -printf '%f\n' | sort -u > there
  : > done
  while [ -s todo ]; do
    while read -r library; do
      ! grep -qxF "$library" there || { echo $library >> done; continue; }
      [ -e $from/$library ] || { echo "no package of ${1##*-debian-} has $library" >&2; exit 1; }
      install -m 755 $(readlink -f $from/$library) $to/$library
      echo $library >> done
      needed $to/$library
    done < todo | sort -u > next
    sort -u done > seen
    comm -23 next seen > todo
  done
  # Where programs look for the linker that brings them their libraries.
  (cd $1; find usr/lib usr/lib64 -maxdepth 1 -name 'ld-linux-*') | while read -r link; do cp -d $1/$link $2/$link; done
}
