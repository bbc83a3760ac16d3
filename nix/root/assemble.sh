# SPDX-License-Identifier: MIT OR GPL-2.0-only
# The build of nix/root: fill $out/tree, then squash it.
tree=$out/tree
triplet=$(basename $router/usr/lib/*-linux-gnu)
mkdir -p $tree/usr/{bin,sbin,lib/$triplet,lib64} $tree/{etc,proc,sys,dev,run,tmp,data,mnt,var/empty}
ln -s usr/bin $tree/bin; ln -s usr/sbin $tree/sbin; ln -s usr/lib $tree/lib; ln -s usr/lib64 $tree/lib64
ln -s ../run $tree/var/run; ln -s ../data $tree/var/lib; ln -s ../run $tree/var/log; ln -s ../tmp $tree/var/tmp
ln -s /proc/mounts $tree/etc/mtab

cp -r --no-preserve=mode $src/images/root/. $tree/
# What is executable in the repository is so on the router.
(cd $src/images/root; find . -type f -perm -u+x) | while read -r file; do chmod 755 "$tree/$file"; done

while read -r pattern; do
  [ -n "$pattern" ] || continue
  for program in $(cd $router; echo $pattern); do
    install -D -m 755 $router/$program $tree/$program || { echo "nix/root/programs: Debian has no $program"; exit 1; }
  done
done <<END
$programs
END

# iptables answers to its names with the first form of these, as in Debian, and with both to theirs.
for form in nft legacy; do
  for name in ip{,6}tables{,-save,-restore}; do
    ln -s xtables-$form-multi $tree/usr/sbin/${name/tables/tables-$form}
    [ -e $tree/usr/sbin/$name ] || ln -s xtables-$form-multi $tree/usr/sbin/$name
  done
done
xtables=usr/lib/$triplet/xtables
mkdir -p $tree/$xtables
for extension in $extensions; do
  files=$(cd $router/$xtables; ls lib{xt,ipt,ip6t}_$extension.so 2> /dev/null || true)
  [ -n "$files" ] || { echo "nix/root/extensions: iptables has no $extension"; exit 1; }
  # Some are a name of another's.
  for file in $files; do
    cp -f $(readlink -f $router/$xtables/$file) $tree/$xtables/
    cp -df $router/$xtables/$file $tree/$xtables/
  done
done

for tool in $deviceTools; do
  [ ! -d $tool/bin ] || install -m 755 $tool/bin/* $tree/usr/bin/
  [ ! -d $tool/lib/xtables ] || cp -d $tool/lib/xtables/* $tree/$xtables/
done

install -D -m 644 $key $tree/etc/lunagate/update.key
for key in $src/images/keys/policies/*.pub; do
  [ ! -e $key ] || install -D -m 644 $key $tree/etc/lunagate/keys/${key##*/}
done

# Modules: the kernel's, and ours.
release=$(basename $kernel/lib/modules/*)
mkdir -p $tree/usr/lib/modules
cp -r --no-preserve=mode $kernel/lib/modules/$release $tree/usr/lib/modules/
cp -r --no-preserve=mode $modules/lib/modules/. $tree/usr/lib/modules/
cp -r --no-preserve=mode $policies/lib/modules/. $tree/usr/lib/modules/
cp -r --no-preserve=mode $policies/etc/. $tree/etc/

# Test suites are a shell's, with scripts for the kernel beside them; devices that only pretend, and senders of packets, are for them.
if [ -n "$suites" ]; then
  tests=$tree/usr/libexec/lunatik/tests
  mkdir -p $tests $tree/usr/lib/modules/lua/tests
  cp -r --no-preserve=mode $suites/. $tests/
  (cd $tests; find . -name '*.lua') | while read -r file; do
    install -D -m 644 $tests/$file $tree/usr/lib/modules/lua/tests/$file
    rm $tests/$file
  done
else
  find $tree/usr/lib/modules \( -name mac80211_hwsim.ko -o -name uhid.ko -o -name uinput.ko -o -name pktgen.ko \) -delete
fi
depmod -b $tree/usr $release

# What the device has no use for goes, and with it what needs that.
while read -r module; do
  awk -v "module=$module" '
    { for (i = 1; i <= NF; i++) { name = $i; gsub(/.*\/|\.ko:?$/, "", name); gsub(/-/, "_", name); if (name == module) { sub(/:$/, "", $1); print $1; next } } }
  ' $tree/usr/lib/modules/$release/modules.dep
done < $selected/without | (cd $tree/usr/lib/modules/$release; xargs -r rm -f)
depmod -b $tree/usr $release
install -m 644 $selected/profile.yaml $tree/etc/lunagate/profile.yaml
install -m 644 $selected/load $tree/etc/lunagate/drivers
rm -f $tree/usr/lib/modules/$release/{modules.order,modules.builtin,modules.builtin.modinfo}
# Nobody asks for the types of their code, but eBPF programs for that of flow tables, nor for the names of drivers' own functions.
find $tree/usr/lib/modules/$release/kernel -name '*.ko' | while read -r module; do
  case $module in */nf_flow_table*) ;; *) llvm-objcopy --remove-section .BTF $module ;; esac
  # It leaves a module as it is that would need one of the names.
  case $module in */kernel/net/*) ;; *) llvm-objcopy --discard-all $module 2> /dev/null || true ;; esac
done

# What radios may do where, with the signature that the kernel asks for: the one whose key every kernel has.
for file in regulatory.db regulatory.db.p7s; do
  install -D -m 644 $router/usr/lib/firmware/$file-upstream $tree/usr/lib/firmware/$file
done

# Beside that, packages of which the device has all.
[ -z "$extra" ] || {
  for folder in usr etc; do cp -r --update=none $extra/$folder/. $tree/$folder/; done
  chmod -R u+w $tree/usr $tree/etc
}

libraries $router $tree

# busybox answers to the names of its applets, except where a program has one.
for applet in $($busybox/usr/lib64/ld-linux-x86-64.so.2 --library-path $busybox/usr/lib/x86_64-linux-gnu $busybox/usr/bin/busybox --list); do
  [ -e $tree/usr/bin/$applet ] || [ -e $tree/usr/sbin/$applet ] || ln -s busybox $tree/usr/bin/$applet
done
ln -sf ../bin/busybox $tree/usr/sbin/modprobe

mkdir -p $tree/etc/ssl/certs
find $router/usr/share/ca-certificates -name '*.crt' | LC_ALL=C sort | xargs cat > $tree/etc/ssl/certs/ca-certificates.crt
cp $router/etc/{protocols,services} $tree/etc/

(cd $tree; find . -type f -printf '%s %p\n' | LC_ALL=C sort -k1,1nr -k2) > $out/manifest
mksquashfs $tree $out/root.squashfs -quiet -no-progress -comp $compression -all-root -noappend -no-xattrs -processors 1
