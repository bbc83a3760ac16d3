# SPDX-License-Identifier: MIT OR GPL-2.0-only
# Build floor.ko against the read-only $sdk.
cp -r $src/tools/meter/floor floor; chmod -R +w floor
make LLVM=1 KRUSTFLAGS=-Dwarnings -s -C $sdk M=$PWD/floor modules
mkdir $out
llvm-strip --strip-debug -o $out/floor.ko floor/floor.ko
