# SPDX-License-Identifier: MIT OR GPL-2.0-only
# An image, and packages of one policy, which a scenario installs.
# what the image has; gate-VERSION.policy with signatures of the image's key; stranger.policy, of a key that the image
# does not know, and stranger.pub; unsigned.policy; e2fsprogs, which looks into disks
{ debian, source, lunagate, image, e2fsprogs }:
debian.runInDebian {
  name = "policy-packages";
  debian = debian.rootfs "rust";
  inherit lunagate image e2fsprogs;
  src = source { name = "policy-packages-source"; paths = [ "vmtests/policies" "images/keys/policies" ]; };
  script = ''
    mkdir $out
    ln -s $image/* $out/
    ln -s $e2fsprogs $out/e2fsprogs
    cp -r --no-preserve=mode $src/vmtests/policies policies
    keys=$src/images/keys/policies
    pack() { # VERSION PORTS
      sed -i "s/^version: .*/version: $1/; s/^  ports: .*/  ports: [$2]/" policies/gate/policy.yaml
      $lunagate/bin/lunagate policy pack policies/gate --output $out/gate-$1.policy
      $lunagate/bin/lunagate policy sign --key $keys/development.key $out/gate-$1.policy
    }
    pack 1.0.0 6666
    pack 1.1.0 '6666, 7777'
    pack 1.2.0 '6666, 8888'
    cp $out/gate-1.1.0.policy $out/unsigned.policy
    cp $out/gate-1.1.0.policy $out/stranger.policy
    $lunagate/bin/lunagate policy sign --key policies/stranger.key $out/stranger.policy
    cp policies/stranger.pub $out/
    echo 'error("this version is sick")' >> policies/gate/main.lua
    pack 1.9.0 6666
    $lunagate/bin/lunagate policy verify --key $keys/development.pub $out/gate-*.policy
  '';
}
