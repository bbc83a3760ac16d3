# SPDX-License-Identifier: MIT OR GPL-2.0-only
# A check on the real image: a release of it is made (with keys that everybody has), holds, and is equal each time; and what is
# changed in one is found. Each line of out is a promise that was kept.
{ debian, source, lunagate, image }:
debian.runInDebian {
  name = "check-release";
  inherit lunagate image;
  src = source { name = "release-source"; paths = [ "images/keys/policies" ]; };
  script = ''
    PATH=$PATH:$lunagate/bin
    keys=$src/images/keys/policies
    make() { lunagate release $image --key $keys/development.key --development --output $1 "''${@:2}"; }
    verify() { lunagate verify-release release --key $keys/development.pub "$@"; }
    kept() { echo "release: $1" >> $out; }

    make release
    verify --development
    kept "a release of the image holds"
    make again > /dev/null
    # Minisign's signatures are others each time.
    diff -r --exclude '*.minisig' release again
    kept "an equal image makes an equal release, signatures aside"
    if verify 2> said; then exit 1; fi
    grep -q 'development key, which everybody has' said
    kept "development keys are believed by nobody who did not ask for them"

    for file in release/*; do
      cp $file whole
      truncate -s -1 $file
      if verify --development 2> said; then echo "$file was cut, and nobody saw"; exit 1; fi
      name=''${file##*/}
      grep -q "''${name%.minisig}" said || { cat said; exit 1; }
      mv whole $file
    done
    verify --development > /dev/null
    kept "a file that is cut short is found, each of $(ls release | wc -l)"

    # What the bill says is in the root is what the root says of it, and the format's own required fields are there.
    bill=$(echo release/*.cdx.json)
    jq -e '.bomFormat == "CycloneDX" and .specVersion == "1.6" and (.serialNumber | test("^urn:uuid:[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-8[0-9a-f]{3}-[0-9a-f]{12}$"))
      and ([.. | objects | select(has("type") and has("name")) | .["bom-ref"] | select(. != null)] | length == (unique | length))
      and (.components | all(has("type") and has("name") and has("version") and has("licenses")))
      and (.components | all(.name == "lunagate" or (.purl | test("^pkg:(deb/debian|cargo)/[^ ]+@[^ ]+$"))))
      and (.components | all(.name == "lunagate" or .hashes[0].content | tostring | length >= 4))' $bill > /dev/null
    for name in busybox libc6 linux lua rustls ca-certificates lunagate libstd-rust-web-dev; do
      jq -e --arg name $name '.components | any(.name == $name)' $bill > /dev/null || { echo "$name is not in the bill"; exit 1; }
    done
    for name in bash gcc proptest serde_derive smoltcp; do
      jq -e --arg name $name '.components | all(.name != $name)' $bill > /dev/null || { echo "$name is in the bill"; exit 1; }
    done
    kept "the bill of materials has what is in the image, and not what built it"
    lunagate image inspect release/*.img > /dev/null
    lunagate image inspect --json release/*.bundle | jq -e '.slots[0].state == "whole" and (.slots[0].components | length > 50)' > /dev/null
    kept "image and bundle tell what they are made of"
  '';
}
