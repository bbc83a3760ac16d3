# SPDX-License-Identifier: MIT OR GPL-2.0-only
# A check that something builds twice to the same bits: the same derivation with one
# more, unread, variable is another derivation, and its output is compared.
{ debian }:
name: built:
let again = derivation (built.drvAttrs // { attempt = "2"; }); in
debian.runInDebian {
  name = "check-reproducible-${name}";
  debian = debian.rootfs "rust";
  inherit built again;
  script = ''
    diff -r $built $again
    echo "${name} builds twice to the same bits" > $out
  '';
}
