# SPDX-License-Identifier: MIT OR GPL-2.0-only
# A program for the host: runs its arguments inside a set's root file system, on the
# machine's own files, devices and network. Everything but /usr and /etc is the machine's.
{ debian }:
set: arguments:
debian.busyboxScript {
  name = "inside-${set}";
  root = debian.rootfs set;
  enter = debian.rootfs "enter";
  sh = debian.busybox;
  inherit arguments;
  script = ''
    mkdir -p $out/bin
    cat > $out/bin/inside-${set} <<END
    #!$sh/usr/bin/busybox sh
    exec $enter/usr/lib64/ld-linux-x86-64.so.2 --library-path $enter/usr/lib/x86_64-linux-gnu $enter/usr/bin/bwrap \\
      --bind / / --dev-bind /dev /dev --ro-bind $root/usr /usr --ro-bind $root/etc /etc \\
      --symlink usr/bin /bin --symlink usr/sbin /sbin --symlink usr/lib /lib --symlink usr/lib64 /lib64 \\
      --die-with-parent --setenv PATH /usr/bin:/usr/sbin --setenv LC_ALL C.UTF-8 \\
      --unsetenv RUSTUP_HOME --unsetenv RUSTUP_TOOLCHAIN $arguments "\$@"
    END
    chmod +x $out/bin/inside-${set}
  '';
}
