# SPDX-License-Identifier: MIT OR GPL-2.0-only
# A program of ours for people's own systems: it runs there, with their files and programs, but with the C library that it
# was built with, since theirs may be older, or have no place where programs look for it. Its subcommands `inQemu` need
# QEMU and firmware, and run inside the set that has them.
{ debian, inside }:
{ name, program, inQemu ? "" }:
debian.busyboxScript {
  inherit name program inQemu;
  # The smallest set that has the libraries of Rust's programs.
  libraries = debian.rootfs "enter";
  sh = debian.busybox;
  inner = if inQemu == "" then "" else inside "qemu" "${program}/bin/${name}";
  script = ''
    mkdir -p $out/bin
    echo "#!$sh/usr/bin/busybox sh" > $out/bin/$name
    for subcommand in $inQemu; do
      echo "[ \"\''${1-}\" != $subcommand ] || exec $inner/bin/inside-qemu \"\$@\"" >> $out/bin/$name
    done
    cat >> $out/bin/$name <<END
    exec $libraries/usr/lib64/ld-linux-x86-64.so.2 --library-path $libraries/usr/lib/x86_64-linux-gnu --argv0 $name \\
      $program/bin/$name "\$@"
    END
    chmod +x $out/bin/$name
  '';
}
