# SPDX-License-Identifier: MIT OR GPL-2.0-only
# `lunagate image flash` as people call it, on a disk of a virtual machine: a loop device of a router. Each line of out is a
# promise that was kept.
{ debian, lunagate, routerImage }:
debian.runInDebian {
  name = "flash-command";
  debian = debian.rootfs "qemu";
  inherit lunagate routerImage;
  # The router has the libraries of the host's program. The image's beginning is enough: it has the partition table, and the first
  # partition.
  script = ''
    mkdir share
    cp $lunagate/bin/lunagate share
    head -c 6M $routerImage/*.img > share/router.img
    cat > share/try.sh <<'END'
    disk=/dev/loop0 image=/mnt/router.img
    ended() { # STATUS WORDS PROMISE: how the last one ended, what it said, and what that shows
      [ "$status" = "$1" ] && grep -q "$2" said || { echo "status $status instead of $1, or no '$2': $(cat said)"; exit 1; }
      echo "image flash: $3"
    }
    flash() { status=0; /mnt/lunagate image flash $image "$@" > said 2>&1 || status=$?; }
    untouched() { ! cmp -s -n 1048576 $image $disk || { echo "it was written"; exit 1; }; }

    modprobe -a loop vfat
    mkdir -p /run/try/stick && mount -t tmpfs none /run/try && cd /run/try && mkdir stick
    truncate -s 100M small.img && truncate -s 4M smaller.img
    losetup -P $disk small.img && losetup /dev/loop1 smaller.img

    flash /dev/loop1 --erase-without-asking
    ended 1 '/dev/loop1 has 4194304 bytes, the image ' 'a disk that is too small is refused'
    flash $disk < /dev/null; untouched
    ended 1 'nobody answers: nothing is written' 'without an answer nothing is written'
    echo yes > answer && flash $disk < answer; untouched
    ended 1 'nothing is written' 'another answer than the name of the disk writes nothing'
    echo loop0 > answer && flash $disk < answer
    ended 0 "$disk has the image" "the disk's name writes the image"
    cmp -n $(stat -c %s $image) $image $disk
    echo 'image flash: the disk has it, byte for byte'

    blockdev --rereadpt $disk
    flash ''${disk}p1 --erase-without-asking
    ended 1 "this is a partition: an image has its own, so give $disk" 'a partition is refused'
    mount -t vfat -o ro ''${disk}p1 stick
    flash $disk --erase-without-asking
    ended 1 'in use (loop0p1 is mounted at /run/try/stick)' 'a disk with a partition that is mounted is refused'
    umount stick
    # Where this shell does not see it.
    mkfifo end
    unshare -m sh -c "mount -t vfat -o ro ''${disk}p1 stick; echo done > there; read -r line < end" &
    until [ -s there ]; do usleep 100000; done
    flash $disk --erase-without-asking
    ended 1 'in use (the kernel does not say by what: ' 'a disk that is taken in a way that is not seen is refused'
    echo > end; wait
    flash $disk --erase-without-asking
    ended 0 "$disk has the image" 'a disk that is free again is written'
    END
    $lunagate/bin/lunagate vm --image $routerImage --share share --timeout 7200 --exec 'sh -eu /mnt/try.sh' | tee said
    grep '^image flash: ' said > $out
    [ "$(wc -l < $out)" = 9 ]
  '';
}
