# SPDX-License-Identifier: MIT OR GPL-2.0-only
# The kernel's algorithms, against coreutils and the standards' examples.
. ../library.sh
plan 7
own=tests/crypto
stopped $own/{digest,streams,keyed,ciphers,sealed,random,packs}
holds_all() { holds "$own/$1" process --load-fuel 100000000; }

digests() {
  lunatik run $own/digest
  local name length expected
  for name in md5 sha1 sha256; do
    for length in 0 1 63 64 1000 65536; do
      expected=$(head -c $length /dev/zero | tr '\0' x | ${name}sum | cut -d ' ' -f 1)
      is "$expected" resume digest "'$name', $length"
    done
  done
  lunatik stop $own/digest
}
point digests "digests are those of md5sum, sha1sum and sha256sum"
streams() { holds_all streams; }
point streams "bytes in pieces have the digest of the whole, also across objects"
keyed() { holds_all keyed; }
point keyed "HMAC and HKDF are those of RFC 4231 and RFC 5869"
ciphers() { holds_all ciphers; }
point ciphers "AES in its modes is that of NIST SP 800-38A"
sealed() { holds_all sealed; }
point sealed "what was sealed and then changed is not opened"
random() { holds_all random; }
point random "random bytes are others each time"

packs() {
  holds_all packs
  fails "*crypto: not granted*" lunatik run $own/packs --capabilities linux
  fails "*runtime context mismatch*" lunatik run $own/packs softirq
}
point packs "what was compressed comes back, where and for whom there is cryptography"
