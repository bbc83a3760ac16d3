# SPDX-License-Identifier: MIT OR GPL-2.0-only
# The image of a device: <profiles>/<profile>.yaml filled with the root, the kernel, a list of what these are made of, and
# a loader that trusts the key which signs it. `contents` are that list's arguments.
# lunagate-<profile>.img; lunagate-<profile>.bundle, which updates a router to it; lunagate-<profile>.cdx.json, its bill of
# materials; lunagate-<profile>.licenses.txt; root.squashfs, kernel and cmdline to boot without the disk; vmlinux for
# debuggers; sizes.txt
{ debian, source, rust, kernel, root, key, imageTool, contents, profile, profiles ? "images/profiles" }:
let
  loader = import ./loader.nix { inherit debian source rust; key = key.public; inherit (kernel.machine) arch; };
  inventory = import ./inventory.nix ({ inherit debian source rust kernel root loader profile profiles; } // contents);
in
debian.runInDebian {
  name = "router-image-${profile}";
  debian = debian.rootfs "rust";
  inherit imageTool kernel root loader profile inventory;
  inherit (key) seed;
  src = source { name = "profiles"; paths = [ "${profiles}/${profile}.yaml" "images/release.yaml" ]; };
  script = ''
    $imageTool/bin/image build --profile $src/${profiles}/$profile.yaml --release $src/images/release.yaml --output $out \
      --root $root/root.squashfs --manifest $root/manifest --kernel $kernel/${kernel.machine.kernel} \
      --loader $loader/loader.efi --inventory $inventory/bom.json --key $seed
    cp $inventory/bom.json $out/lunagate-$profile.cdx.json
    cp $inventory/licenses.txt $out/lunagate-$profile.licenses.txt
    ln -s $kernel/vmlinux $root/root.squashfs $out/
    ln -s $kernel/${kernel.machine.direct} $out/kernel
  '';
}
