# SPDX-License-Identifier: MIT OR GPL-2.0-only
# What the command line says about itself, where shells and man look for it.
{ debian, lunagate }:
debian.runInDebian {
  name = "lunagate-manual";
  debian = debian.rootfs "rust";
  inherit lunagate;
  script = ''
    completions() { # SHELL FILE
      mkdir -p $(dirname $out/share/$2)
      $lunagate/bin/lunagate completions $1 > $out/share/$2
    }
    completions bash bash-completion/completions/lunagate
    completions zsh zsh/site-functions/_lunagate
    completions fish fish/vendor_completions.d/lunagate.fish
    $lunagate/bin/lunagate man $out/share/man/man1
  '';
}
