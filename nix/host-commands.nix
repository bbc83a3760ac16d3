# SPDX-License-Identifier: MIT OR GPL-2.0-only
# What people run of ours, on a system that is as unlike Debian as can be: it has /nix, and no C library, shell or program.
# Each line of out is a promise that was kept.
{ debian, lunagate, klua, routerImage }:
debian.runInDebian {
  name = "host-commands";
  debian = debian.rootfs "qemu";
  enter = debian.rootfs "enter";
  sh = debian.busybox;
  inherit lunagate klua routerImage;
  script = ''
    mkdir -p home/bin home/etc
    cat > home/bin/ssh <<END
    #!$sh/usr/bin/busybox sh
    echo "ssh \$*, of \$HOME, where /etc is \$($sh/usr/bin/busybox cat /etc/whose)"
    END
    chmod +x home/bin/ssh
    echo "the user's own" > home/etc/whose
    bare() {
      $enter/usr/lib64/ld-linux-x86-64.so.2 --library-path $enter/usr/lib/x86_64-linux-gnu $enter/usr/bin/bwrap \
        --unshare-user --unshare-net --die-with-parent --ro-bind /nix /nix --bind /proc /proc --dev /dev --tmpfs /tmp --bind home /home \
        --ro-bind home/etc /etc --chdir /home --setenv HOME /home --setenv TMPDIR /tmp --setenv PATH /home/bin "$@"
    }
    ended() { # STATUS WORDS PROMISE: how the last one ended, what it said, and what that shows
      [ "$status" = "$1" ] || { echo "status $status instead of $1: $(cat said)"; exit 1; }
      grep -q "$2" said || { echo "it does not say '$2': $(cat said)"; exit 1; }
      echo "host commands: $3" >> $out
    }
    run() { status=0; bare "$@" > said 2>&1 || status=$?; }

    for file in /bin/sh /usr /lib /lib64; do
      if bare $sh/usr/bin/busybox test -e $file; then echo "there is $file, so this is no bare system"; exit 1; fi
    done
    bare $sh/usr/bin/busybox test -e /home
    run $lunagate/bin/lunagate --help
    ended 0 'Usage: lunagate <COMMAND>' 'lunagate runs where there is no C library'
    echo 'print("from the host")' > home/hello.lua
    run $klua/bin/klua hello.lua
    ended 0 'from the host' 'klua runs where there is no C library'
    run $lunagate/bin/lunagate config confirm --router 192.0.2.1
    ended 0 "ssh root@192.0.2.1 lunagate config confirm, of /home, where /etc is the user's own" \
      "what goes to a router goes by the user's own ssh, with the user's own files"
    run $lunagate/bin/lunagate vm --image $routerImage --exec 'uname -m; exit 7'
    ended 7 '^x86_64$' 'vm finds QEMU, which the system does not have'
  '';
}
