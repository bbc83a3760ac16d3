# SPDX-License-Identifier: MIT OR GPL-2.0-only
# From where each file of the root is: the files `origins` (SHA-256, component) and `sizes` (component, bytes).
# Leaves what packages say of their licenses in documents/NAME/copyright.
mkdir documents debs
: > origins
of() { # COMPONENT FOLDER: its files are of that component
  find "$2" -type f -exec sha256sum {} + | sed "s|  .*| $1|" >> origins
}
of lunagate $src/images/root
of lunagate $modules/lib/modules
of lunagate $policies
for tool in $deviceTools; do of lunagate $tool; done
of linux $kernel/lib/modules

echo -n "$packages" | sort -u -k2,2 > packages
while read -r deb name _; do
  mkdir debs/$name
  llvm-ar p $deb data.tar.xz | tar xJ -C debs/$name
  cp -a debs/$name/usr/share/doc/. documents/
  of $name debs/$name
done < packages

echo -n "$compiled" | sort -u -k2,2 > compiled
while read -r deb name _; do
  mkdir debs/$name
  llvm-ar p $deb data.tar.xz | tar xJ -C debs/$name ./usr/share/doc
  cp -a debs/$name/usr/share/doc/. documents/
done < compiled

# What the build of the root makes of others' files, and what is the owner's of a build.
(cd $root/tree; find . -type f -printf '%s %P\n' | sort -k2) > files
(cd $root/tree; sed 's/^[0-9]* //' $OLDPWD/files | tr '\n' '\0' | xargs -0 sha256sum | cut -d' ' -f1) > hashes
paste -d' ' hashes files | awk '
  FILENAME == "origins" { if (!($1 in origin)) origin[$1] = $2; next }
  {
    path = substr($0, length($1) + length($2) + 3)
    if (path ~ /^usr\/lib\/modules\/[^\/]*\/(modules\.|kernel\/)/) component = "linux"
    else if (path == "etc/ssl/certs/ca-certificates.crt") component = "ca-certificates"
    else if (path ~ /^etc\/lunagate\// || path ~ /^usr\/lib(exec\/lunatik|\/modules\/lua)\/tests\//) component = "lunagate"
    else if ($1 in origin) component = origin[$1]
    else {
      print "nix/inventory/origins.sh: " path " of the root is of no package, not of the kernel and not ours: say whose, here" > "/dev/stderr"
      lost = 1
      next
    }
    bytes[component] += $2
  }
  END { if (lost) exit 1; for (component in bytes) print component, bytes[component] }
' origins - | LC_ALL=C sort > sizes
