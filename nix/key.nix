# SPDX-License-Identifier: MIT OR GPL-2.0-only
# The key that signs slots and bundles: its seed, and the public half that routers trust.
{ debian, source, imageTool }:
rec {
  seed = "${source { name = "key"; paths = [ "images/keys/development.seed" ]; }}/images/keys/development.seed";
  public = debian.runInDebian {
    name = "public-key";
    debian = debian.rootfs "rust";
    inherit imageTool seed;
    script = "$imageTool/bin/image public-key --key $seed --output $out";
  };
}
