# SPDX-License-Identifier: MIT OR GPL-2.0-only
# An image, and updates for it, which scenarios install: the same as another version, and one whose policy
# does not load, or which hangs or panics, as the words of /data/sick say: one for each boot.
# what the image has; next.bundle, sick.bundle, other.bundle (for another kind of device); e2fsprogs, which looks into disks
{ debian, source, kernel, root, key, imageTool, image, profile, profiles ? "images/profiles" }:
debian.runInDebian {
  name = "updates-${profile}";
  debian = debian.rootfs "rust";
  inherit imageTool kernel root image profile;
  e2fsprogs = import ./e2fsprogs.nix { inherit debian; };
  inherit (key) seed;
  src = source { name = "profiles"; paths = [ "${profiles}/${profile}.yaml" ]; };
  script = ''
    mkdir $out
    ln -s $image/* $out/
    ln -s $e2fsprogs $out/e2fsprogs
    bundle() { # NAME VERSION PROFILE ROOT
      printf 'version: %s\nrollback_index: 1\n' $2 > release.yaml
      $imageTool/bin/image bundle --profile $3 --release release.yaml --root $4 --kernel $kernel/${kernel.machine.kernel} --key $seed \
        --output $out/$1.bundle
    }
    mine=$src/${profiles}/$profile.yaml
    bundle next 0.2.0 $mine $root/root.squashfs
    sed 's/^name: .*/name: other/' $mine > other.yaml
    bundle other 0.2.0 other.yaml $root/root.squashfs

    cp -r $root/tree sick
    chmod -R u+w sick/etc/lunagate sick/etc/boot.d sick/usr/lib/modules/lua/policies
    echo 'policies/sick/main softirq' >> sick/etc/lunagate/policies
    mkdir sick/usr/lib/modules/lua/policies/sick
    echo 'error("this policy is sick")' > sick/usr/lib/modules/lua/policies/sick/main.lua
    cat > sick/etc/boot.d/43-sick <<'END'
    how= next=
    [ ! -e /data/sick ] || { read -r how next < /data/sick; echo "$next" > /data/sick; sync; }
    case $how in
      # As if everything did.
      hang) until kill -STOP $(pidof watchdog); do usleep 100000; done; while :; do sleep 60; done ;;
      panic) echo c > /proc/sysrq-trigger ;;
    esac
    :
    END
    mksquashfs sick sick.squashfs -quiet -no-progress -comp zstd -Xcompression-level 22 -b 1M -all-root -noappend -no-xattrs
    bundle sick 0.3.0 $mine sick.squashfs
  '';
}
