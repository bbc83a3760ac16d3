# SPDX-License-Identifier: MIT OR GPL-2.0-only
# The image of a device: <profiles>/<profile>.yaml filled with the root, the kernel and
# a loader that trusts the key which signs it.
# lunagate-<profile>.img; root.squashfs, bzImage and cmdline to boot without the disk;
# vmlinux for debuggers; sizes.txt
{ debian, source, rust, kernel, root, imageTool, profile, profiles ? "images/profiles" }:
let
  seed = source { name = "key"; paths = [ "images/keys/development.seed" ]; };
  public = debian.runInDebian {
    name = "public-key";
    debian = debian.rootfs "rust";
    inherit imageTool seed;
    script = ''
      $imageTool/bin/image public-key --key $seed/images/keys/development.seed --output $out
    '';
  };
  loader = import ./loader.nix { inherit debian source rust; key = public; };
in
debian.runInDebian {
  name = "router-image-${profile}";
  debian = debian.rootfs "rust";
  inherit imageTool seed kernel root loader profile;
  src = source { name = "profiles"; paths = [ "${profiles}/${profile}.yaml" ]; };
  script = ''
    $imageTool/bin/image build --profile $src/${profiles}/$profile.yaml --output $out \
      --root $root/root.squashfs --manifest $root/manifest --kernel $kernel/bzImage \
      --loader $loader/loader.efi --key $seed/images/keys/development.seed
    ln -s $kernel/bzImage $kernel/vmlinux $root/root.squashfs $out/
  '';
}
