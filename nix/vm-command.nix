# SPDX-License-Identifier: MIT OR GPL-2.0-only
# `lunagate vm` as people call it: output, status, a shared folder, and its errors.
{ debian, lunagate, routerImage }:
debian.runInDebian {
  name = "vm-command";
  debian = debian.rootfs "qemu";
  inherit lunagate routerImage;
  script = ''
    PATH=$PATH:$lunagate/bin
    mkdir -p shared/sub; cd shared
    echo 'return "a shared folder"' > sub/where.lua
    echo 'print("hello from " .. require("sub.where"))' > hello.lua
    echo 'local broken =' > broken.lua
    ended() { # STATUS WORDS: how the last one ended, and what it said
      [ "$status" = "$1" ] || { echo "status $status instead of $1: $(cat said)"; exit 1; }
      grep -q "$2" said || { echo "it does not say '$2': $(cat said)"; exit 1; }
      echo "lunagate vm: $3" >> $out
    }
    run() { status=0; lunagate vm --image "$@" > said 2>&1 || status=$?; }

    run $routerImage --share . --exec 'lunatik run hello && dmesg | grep hello: ; exit 7'
    ended 7 'hello: hello from a shared folder' 'scripts of a shared folder run, and the status is that of the command'
    run $routerImage --share . --exec 'lunatik run broken softirq'
    ended 1 'broken.lua:2: unexpected symbol' 'a syntax error comes out with file and line'
    run $routerImage --exec 'cat /proc/cpuinfo | grep -c ^processor; free -m' --cpus 1 --memory 128
    ended 0 '^1$' 'memory and processors are what was asked for'
    run ./none --exec true
    ended 1 'none: build it by' 'a missing image says how to make one'
    run $routerImage --share ./none --exec true
    ended 1 'none' 'a missing folder is named'
    run $routerImage --forward 22 --exec true
    ended 2 'give two port numbers' 'a bad port is refused'
  '';
}
