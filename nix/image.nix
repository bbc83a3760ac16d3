# SPDX-License-Identifier: MIT OR GPL-2.0-only
# The image of a device: <profiles>/<profile>.yaml filled with the root, the kernel and
# a loader that trusts the key which signs it.
# lunagate-<profile>.img; lunagate-<profile>.bundle, which updates a router to it; root.squashfs, kernel and cmdline to boot without the disk;
# architecture;
# vmlinux for debuggers; sizes.txt
{ debian, source, rust, kernel, root, key, imageTool, profile, profiles ? "images/profiles" }:
let
  loader = import ./loader.nix { inherit debian source rust; key = key.public; inherit (kernel.machine) arch; };
in
debian.runInDebian {
  name = "router-image-${profile}";
  debian = debian.rootfs "rust";
  inherit imageTool kernel root loader profile;
  inherit (key) seed;
  src = source { name = "profiles"; paths = [ "${profiles}/${profile}.yaml" "images/release.yaml" ]; };
  script = ''
    $imageTool/bin/image build --profile $src/${profiles}/$profile.yaml --release $src/images/release.yaml --output $out \
      --root $root/root.squashfs --manifest $root/manifest --kernel $kernel/${kernel.machine.kernel} \
      --loader $loader/loader.efi --key $seed
    ln -s $kernel/vmlinux $root/root.squashfs $out/
    ln -s $kernel/${kernel.machine.direct} $out/kernel
  '';
}
