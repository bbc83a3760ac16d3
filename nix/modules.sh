# SPDX-License-Identifier: MIT OR GPL-2.0-only
# Build every module of $src/modules against the read-only SDK of $kernel, and fill $out and $sdk.
cp -r $src/modules modules; chmod -R +w modules
rm -rf modules/lunatik/vm
cp -r $luaSource modules/lunatik/vm; chmod -R +w modules/lunatik/vm
cp $luaProfile modules/lunatik/vm/vm.profdata
make LLVM=1 CLIPPY=$CLIPPY UNBUDGETED=$UNBUDGETED KRUSTFLAGS=-Dwarnings\ -Dclippy::undocumented_unsafe_blocks -s -C $kernel M=$PWD/modules -j$NIX_BUILD_CORES modules

release=$(cat $kernel/include/config/kernel.release)
extra=$out/lib/modules/$release/extra
mkdir -p $extra
for module in modules/*/*.ko; do
  llvm-strip --strip-debug -o $extra/${module##*/} $module
done
mkdir $out/lib/modules/lua
[ ! -d modules/lib ] || cp -r modules/lib/. $out/lib/modules/lua/
# The constants that lualinux generates from the kernel's headers: require("linux.eth") ...
cp -r modules/lualinux/library $out/lib/modules/lua/linux

# The SDK: the kernel's, the metadata of our crates, the symbols of our modules, and what Kbuilds include.
mkdir -p $sdk/modules
ln -s $kernel $sdk/kernel
cp $src/modules/binding.mk modules/Module.symvers $sdk/modules/
(cd modules; find . -name '*.rmeta' | cpio -pdm --quiet $sdk/modules)
cp modules/lunatik/later.h $sdk/modules/lunatik/
cp modules/luacpufreq/meter.h $sdk/modules/luacpufreq/
cp -r $src/modules/luaskel $sdk/example
