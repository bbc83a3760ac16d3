# SPDX-License-Identifier: MIT OR GPL-2.0-only
# The tests as the kernel's makefiles install them, with their programs, into $out/net; $out/list names them.
tar xf $linux/usr/src/linux-source-6.12.tar.xz linux-source-6.12/{tools,scripts,usr,include,arch/x86} \
  linux-source-6.12/{Makefile,Kbuild,Kconfig}
cd linux-source-6.12
make LLVM=1 -s headers
make LLVM=1 -s -C tools/testing/selftests TARGETS=net/netfilter install INSTALL_PATH=$PWD/installed
mkdir $out
cp -r installed/net $out/
{
  sed 's/^net\/netfilter://' installed/kselftest-list.txt
  # What only who asks for it runs.
  sed -n 's/^TEST_PROGS_EXTENDED = //p' tools/testing/selftests/net/netfilter/Makefile | tr ' ' '\n'
} > $out/list
