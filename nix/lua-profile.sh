# SPDX-License-Identifier: MIT OR GPL-2.0-only
# Build $luaSource with counters, run the scripts of $src on it, and write the counts to $out.
train=$src/tools/kernel-lua/train
flags="-O2 -std=gnu11 -ffreestanding -fno-strict-aliasing -fno-PIE -mgeneral-regs-only -fno-jump-tables
  -DLUA_KERNEL -DLUA_FUEL -DLUA_USE_JUMPTABLE=0 $defines -I$luaSource/shim -I$luaSource/src -I$luaSource/kern"
clang $flags -w -fprofile-instr-generate -c -o vm.o $luaSource/kern/vm.c
clang $flags -Wall -Wextra -Werror -c -o host.o $train/host.c
clang -no-pie -fprofile-instr-generate -o train vm.o host.o $luaSource/kern/ksetjmp.S
LLVM_PROFILE_FILE=$PWD/counts ./train $train/*.lua $src/tools/kernel-lua/bench/*.lua
llvm-profdata merge -o $out counts
