# SPDX-License-Identifier: MIT OR GPL-2.0-only
# The key that signs slots and bundles: its seed, and the public half that routers trust. Openssl derives that, and not
# our tool, on whose every change root and loader would be built again.
{ debian, source }:
rec {
  seed = "${source { name = "key"; paths = [ "images/keys/development.seed" ]; }}/images/keys/development.seed";
  public = debian.runInDebian {
    name = "public-key";
    debian = debian.rootfs "rust";
    inherit seed;
    script = ''
      digits=$(tr -d ' \n' < $seed)
      [[ $digits =~ ^[0-9a-fA-F]{64}$ ]] || {
        echo "images/keys/development.seed: a signing key is 64 hexadecimal digits: make one with 'openssl rand -hex 32'"; exit 1
      }
      # PKCS #8 of an Ed25519 key ends with its seed, SubjectPublicKeyInfo with the public half (RFC 8410).
      printf "$(echo 302e020100300506032b657004220420$digits | sed 's/../\\x&/g')" |
        openssl pkey -inform DER -pubout -outform DER | tail -c 32 > $out
    '';
  };
}
