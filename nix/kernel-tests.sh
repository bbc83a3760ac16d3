# SPDX-License-Identifier: MIT OR GPL-2.0-only
# Boot $kernel with $modules and the tests of $src, all of one folder, and judge its console.
tests=$src/vmtests/kernel
mkdir -p root/bin root/dev root/proc root/sys root/tmp root/modules root/lib/modules
cp $busybox/usr/bin/busybox $maps/bin/maps $nth/bin/nth $storm/bin/{storm,verdicts} $ulp/bin/ulp root/bin/
cp $tests/init $tests/*.sh root/; chmod +x root/init
mkdir root/tests
for folder in tests $flavour; do
  [ ! -d $tests/$folder ] || cp $tests/$folder/*.sh root/tests/
  for test in $tests/$folder/$room/$only.sh; do
    [ ! -f "$test" ] || cp $test root/tests/
  done
done
cp -r $programs root/bpf
cp $modules/lib/modules/*/extra/*.ko root/modules/
# The example of a module, as somebody builds it who has the SDK only.
cp -f $example/luaskel.ko root/modules/
cp $drivers/*.ko root/modules/
# lunatik reads which modules there are; tests load them by file, so that none comes by itself.
release=$(cd $modules/lib/modules; echo */extra); release=${release%/extra}
mkdir -p index/lib/modules root/lib/modules/$release
cp -r $modules/lib/modules/$release index/lib/modules/; chmod -R +w index
$busybox/usr/bin/busybox depmod -b index $release
cp index/lib/modules/$release/modules.dep root/lib/modules/$release/
cp -r $modules/lib/modules/lua root/lib/modules/lua; chmod -R +w root/lib
cp -r $tests/scripts/. root/lib/modules/lua/
cp -r $src/policies root/lib/modules/lua/; chmod -R +w root/lib
bash $tests/language.sh $src/tools/kernel-lua/tests/conformance root/lib/modules/lua/language
bash $tests/attacks.sh $src/tools/kernel-lua/attack $tests/attack root/lib/modules/lua/attack
cp -r $verdicts root/verdicts
cp $src/tools/fuzz/src/play.lua root/lib/modules/lua/random/
cp $src/tools/author/src/check/contexts.list root/
bash $tests/names.sh $src/modules root/lib/modules/lua/random/names.lua
$reference/bin/reference $src/modules --examples root/lib/modules/lua/examples --functions root/lib/modules/lua/bad/functions.lua
bash $tests/lists.sh $list/bin/list root/lib/modules/lua/lists
# What tests call beside them, with the libraries: programs of the router, and a shell that speaks UDP.
mkdir -p root/usr/bin root/lib64 root/lib/x86_64-linux-gnu
cp $lunatik/bin/lunatik $nfluactl/bin/nfluactl $router/usr/bin/ip $router/usr/sbin/nft $router/usr/sbin/conntrack $router/usr/bin/wg /usr/bin/bash root/usr/bin/
# iptables in both its forms, each by all its names, and the extensions that tests use.
cp $router/usr/sbin/xtables-{legacy,nft}-multi root/usr/bin/
extensions=usr/lib/x86_64-linux-gnu/xtables
mkdir -p root/$extensions
cp $router/$extensions/{libxt_{standard,tcp,udp,mark,comment},libip{,6}t_REJECT}.so root/$extensions/
cp -P $xtables/lib/xtables/*.so root/$extensions/
loader=$router/usr/lib64/ld-linux-x86-64.so.2
cp -L $loader root/lib64/
for program in root/usr/bin/*; do
  $loader --library-path $router/usr/lib/x86_64-linux-gnu:/usr/lib/x86_64-linux-gnu --list $program
done | sed -n 's/.* => \(.*\) (.*/\1/p' | sort -u | while read -r library; do
  cp -L $library root/lib/x86_64-linux-gnu/
done
for link in $router/usr/sbin/ip{,6}tables-{legacy,nft}*; do cp -P $link root/usr/bin/; done
for module in $kernel/lib/modules/*/kernel/net/{netfilter/{x_tables,xt_*,nft_compat},ipv[46]/netfilter/*}.ko; do
  cp $module root/modules/
done
cp $kernel/lib/modules/*/kernel/net/netfilter/{nf_flow_table,nf_flow_table_inet,nft_flow_offload}.ko root/modules/
cp $kernel/lib/modules/*/kernel/drivers/hid/uhid.ko root/modules/
# WireGuard, where the kernel has it, and the algorithms that are modules, by the names that these have once they are loaded.
for module in $kernel/lib/modules/*/kernel/{{crypto,lib/crypto,arch/x86/crypto}/*,drivers/net/wireguard/*,net/ipv{4,6}/*udp_tunnel}.ko; do
  [ ! -f $module ] || cp $module root/modules/$(basename $module | tr - _)
done
(cd root; find . | $busybox/usr/bin/busybox cpio -o -H newc 2> /dev/null) > initramfs

# Several CPUs, so that "once per CPU" means something; a panic ends the machine. They take turns:
# with a thread each, QEMU now and then runs a breakpoint that Linux has taken back already when
# it patches its code (attaching to XDP does), which is an oops. On a busy host a timer's interrupt may
# come too late for the kernel's check that there are any (no_timer_check).
timeout $seconds qemu-system-x86_64 -machine q35 -accel tcg,thread=single -cpu max -smp $cpus -m $memory -nodefaults -display none -no-reboot \
  -kernel $kernel/bzImage -initrd initramfs -serial file:console \
  -append "console=ttyS0 no_timer_check panic=-1 oops=panic loglevel=7 printk.devkmsg=on $parameters" || echo "QEMU ended with status $?"

tr -d '\r' < console > log
cat log
# What Nix shows of a failure is the log's end: the first test that failed, and all their names.
fail() {
  awk '/\] test .* begins$/ { lines = "" } { lines = lines $0 "\n" } /\] FAILED / { printf "%s", lines; exit }' log | tail -n 30
  grep -h '\] FAILED ' log | head -n 20
  echo "kernel-$room: $1"
  exit 1
}
summary=$(grep -o 'kernel tests: .*' log) || fail "the tests did not reach their end"
# The names of tests are none.
if grep -v '\] \(test\|ok\|FAILED\) ' log | grep -F -f $src/vmtests/src/complaints.txt; then fail "the lines above must not be"; fi
case $summary in
  *" 0 failed") ;;
  *) fail "$summary" ;;
esac
sed -n 's/^\[[^]]*\] ok //p' log > $out
