# SPDX-License-Identifier: MIT OR GPL-2.0-only
# What origins.sh has found, as a bill of materials and a text of licenses.
mkdir $out
tools=$src/nix/inventory
value() { sed -n "s/^$1: *//p" $2; }
version=$(value version $src/images/release.yaml)
name=lunagate-$profile
license=$(sed -n 's/^license = "\(.*\)"/\1/p' $src/Cargo.toml)

# component KIND NAME VERSION PURL SHA256 LICENSES: a line of `components`; no SHA-256 is -, licenses are an
# expression of SPDX after `=`, or names with `;` between them.
component() {
  bytes=$(awk -v "name=$2" '$1 == name { print $2 }' sizes)
  printf '%s\t%s\t%s\t%s\t%s\t%s\t%s\n' "$1" "$2" "$3" "$4" "$5" "${bytes:-0}" "$6" >> components
}
# heading TEXT: begins a section of the text of licenses.
heading() { printf '\n%s\n%s\n\n' "$1" "$(echo "$1" | tr -c '\n' =)"; }
# package TYPE DEB NAME VERSION SHA256 ARCH
package() {
  local copyright=documents/$3/copyright licenses
  [ -e $copyright ] || { echo "nix/inventory/components.sh: the package $3 has no copyright file" >&2; exit 1; }
  licenses=$(awk -f $tools/licenses.awk $copyright | LC_ALL=C sort | tr '\n' ';')
  purl="pkg:deb/debian/$3@$4?arch=$6&distro=trixie"
  component $1 $3 $4 "$purl" $5 "${7-${licenses%;}}"
  { heading "$3 $4 (Debian)"; cat $copyright; } >> packages.txt
}

component application lunagate "$(sed -n 's/^version = "\(.*\)"/\1/p' $src/Cargo.toml)" - - "=$license"
{
  echo "Licenses of what is in the image and in the update bundle of $name $version."
  echo "Lunagate itself: $license."
} > $out/licenses.txt

# Only what the root has something of.
while read -r deb package version_ sha256 arch_; do
  ! grep -q "^$package " sizes || package library $deb $package $version_ $sha256 $arch_
done < packages
while read -r deb package version_ sha256 arch_; do
  case $package in
    linux-source-*)
      package operating-system $deb $package $version_ $sha256 $arch_ "=GPL-2.0-only WITH Linux-syscall-note"
      sed -i "s/^operating-system\t$package\t/operating-system\tlinux\t/" components ;;
    *) package library $deb $package $version_ $sha256 $arch_ ;;
  esac
done < compiled
linux=$(awk '$1 == "linux" { print $2 }' sizes)
awk -v "bytes=$linux" 'BEGIN { FS = OFS = "\t" } $2 == "linux" { $6 = bytes } { print }' components > sized
mv sized components

# The crates in the device's programs and in the loader.
cat $deviceCrates $loader/crates | LC_ALL=C sort -u > crates
while IFS='|' read -r crate version_ expression; do
  folder=$vendor/$crate-$version_
  sha256=$(sed 's/.*"package":"\([0-9a-f]*\)".*/\1/' $folder/.cargo-checksum.json)
  component library $crate $version_ "pkg:cargo/$crate@$version_" $sha256 "=${expression//\// OR }"
  {
    heading "$crate $version_ (crate)"
    echo "License: $expression"
    find $folder -maxdepth 1 -type f \( -iname 'licen[sc]e*' -o -iname 'copying*' -o -iname 'notice*' -o -iname unlicense \) | LC_ALL=C sort |
      while read -r file; do echo; cat $file; done
  } >> crates.txt
done < crates

# Lua is in the kernel's modules, with our patches, from the crate that carries its source.
crate=$(basename $vendor/lua-src-*)
lua=$(sed -n 's/^#define LUA_VERSION_\(MAJOR\|MINOR\|RELEASE\)_N[ \t]*\([0-9]\+\).*/\2/p' $luaSource/src/lua.h | paste -sd.)
sha256=$(sed 's/.*"package":"\([0-9a-f]*\)".*/\1/' $vendor/$crate/.cargo-checksum.json)
component library lua $lua "pkg:cargo/lua-src@${crate#lua-src-}" $sha256 "=MIT"
{ heading "lua-src ${crate#lua-src-} (crate)"; sed -n '/^\* Copyright/,/^\*\*\*/p' $luaSource/src/lua.h; } > lua.txt

# The texts that Debian's copyright files point to.
cat packages.txt crates.txt lua.txt >> $out/licenses.txt
grep -oh '/usr/share/common-licenses/[A-Za-z]\+\(-[0-9.]*[0-9]\)\?' packages.txt | LC_ALL=C sort -u | while read -r file; do
  [ ! -f $file ] || { heading "$file"; cat $file; } >> $out/licenses.txt
done

part() { printf '%s\t%s\t%s\n' $1 $(stat -L -c %s $2) $(sha256sum $2 | cut -d' ' -f1); }
{
  part root.squashfs $root/root.squashfs
  part kernel $kernel/$kernelFile
  part loader.efi $loader/loader.efi
} > parts
(cd $src/modules/lunatik/lua/patches; ls) > patches
LC_ALL=C sort -t"$(printf '\t')" -k4,4 -k2,2 components > sorted
serial=$(cat sorted parts patches $src/images/release.yaml | sha256sum | sed 's/^\(.\{8\}\)\(.\{4\}\).\(.\{3\}\).\(.\{3\}\)\(.\{12\}\).*/\1-\2-8\3-8\4-\5/')
jq -n -c --rawfile components sorted --rawfile parts parts --rawfile patches patches --arg name $name --arg version $version \
  --arg serial "urn:uuid:$serial" --arg license "$license" -f $tools/bom.jq > $out/bom.json
