# SPDX-License-Identifier: MIT OR GPL-2.0-only
# The builder of runInDebian: run $script inside the root file system $debian.
# Nothing of the machine shows: same paths, same user, no network, whether or not
# Nix's own sandbox is on.  In /nix, permissions protect inputs, as in any Nix build.
for variable in TMP TEMP TEMPDIR TMPDIR NIX_BUILD_TOP HOME; do set -- "$@" --setenv $variable /build; done

exec "$enter/usr/lib64/ld-linux-x86-64.so.2" --library-path "$enter/usr/lib/x86_64-linux-gnu" "$enter/usr/bin/bwrap" \
  --unshare-all --uid 1000 --gid 100 --die-with-parent \
  --ro-bind "$debian/usr" /usr --ro-bind "$debian/etc" /etc \
  --symlink usr/bin /bin --symlink usr/sbin /sbin --symlink usr/lib /lib --symlink usr/lib64 /lib64 \
  --bind /nix /nix --bind "$NIX_BUILD_TOP" /build --chdir /build \
  --proc /proc --dev /dev --tmpfs /tmp \
  --setenv PATH /usr/bin:/usr/sbin --setenv LC_ALL C.UTF-8 --setenv TZ UTC --setenv SOURCE_DATE_EPOCH 1 "$@" \
  /bin/bash -euo pipefail -c "$script"
