# SPDX-License-Identifier: MIT OR GPL-2.0-only
# Build every module of $src/modules against the read-only $sdk, and fill $out.
cp -r $src/modules modules; chmod -R +w modules
rm -rf modules/lunatik/vm
cp -r $luaSource modules/lunatik/vm; chmod -R +w modules/lunatik/vm
cp $luaProfile modules/lunatik/vm/vm.profdata
make LLVM=1 CLIPPY=$CLIPPY UNBUDGETED=$UNBUDGETED KRUSTFLAGS=-Dwarnings\ -Dclippy::undocumented_unsafe_blocks -s -C $sdk M=$PWD/modules -j$NIX_BUILD_CORES modules

release=$(cat $sdk/include/config/kernel.release)
extra=$out/lib/modules/$release/extra
mkdir -p $extra
for module in modules/*/*.ko; do
  llvm-strip --strip-debug -o $extra/${module##*/} $module
done
mkdir $out/lib/modules/lua
[ ! -d modules/lib ] || cp -r modules/lib/. $out/lib/modules/lua/
# The constants that lualinux generates from the kernel's headers: require("linux.eth") ...
cp -r modules/lualinux/library $out/lib/modules/lua/linux
