# SPDX-License-Identifier: MIT OR GPL-2.0-only
# The build of nix/fit.nix.
$imageTool/bin/image fit --profile $src/$file --release $src/images/release.yaml --output .

gzip -9n < $kernel/Image > kernel.gz

# The very root of the disk image: in an order, with owners and times that do not depend on the builder.
unsquashfs -quiet -no-progress -d tree $root/root.squashfs
find tree -exec touch -hd @$SOURCE_DATE_EPOCH {} +
(cd tree; find . -mindepth 1 -print0 | LC_ALL=C sort -z | cpio -o0 -H newc -R +0:+0 --reproducible --quiet) > archive
# Larger windows than those of this level take memory that small boards lack.
zstd -q -19 --single-thread archive -o initramfs

while read -r name board overlays; do
  for tree in $board.dtb ${overlays:+$(printf '%s.dtbo ' $overlays)}; do
    [ -e $deviceTrees/$tree ] || { echo "$file: the kernel's sources, as configured, have no device tree $tree"; exit 1; }
  done
  cp --no-preserve=mode $deviceTrees/$board.dtb $name.dtb
  for overlay in $overlays; do fdtoverlay -i $name.dtb -o $name.dtb $deviceTrees/$overlay.dtbo; done
  fdtput -p -t s $name.dtb /chosen bootargs "$(cat cmdline)"
done < configurations

mkdir $out
mkimage -f fit.its $out/lunagate-$profile.itb
cp cmdline $out/
