# SPDX-License-Identifier: MIT OR GPL-2.0-only
# The programs with which the router's boot checks and makes ext4, for tests on the host that look into its disks.
{ debian }:
debian.busyboxScript {
  name = "e2fsprogs";
  root = debian.rootfs "router";
  sh = debian.busybox;
  script = ''
    mkdir $out
    for program in e2fsck debugfs; do
      cat > $out/$program <<END
    #!$sh/usr/bin/busybox sh
    exec $root/usr/lib64/ld-linux-x86-64.so.2 --library-path $root/usr/lib/x86_64-linux-gnu $root/usr/sbin/$program "\$@"
    END
      chmod +x $out/$program
    done
  '';
}
