# SPDX-License-Identifier: MIT OR GPL-2.0-only
# What we ask Debian for.  nix/bin/relock resolves each set with apt into lock.json.
let sets = {
  # The sandbox-in-a-sandbox that every build runs in.
  enter = { arch = "amd64"; packages = [ "bubblewrap" ]; };

  # Everything needed to compile the firmware and its tools.
  toolchain = {
    arch = "amd64";
    packages = [
      # Essential packages are not implied: no dependency names them.
      "base-files" "base-passwd" "bash" "coreutils" "dash" "diffutils" "findutils" "gawk" "grep"
      "gzip" "hostname" "libc-bin" "sed" "tar" "util-linux"
      # C and Rust
      "clang" "lld" "llvm" "libclang-dev" "libc6-dev" "libclang-rt-19-dev" "linux-libc-dev"
      "rustc" "cargo" "rust-src" "rust-clippy" "rustfmt" "bindgen"
      # what the kernel build calls
      "bc" "bison" "bzip2" "cpio" "file" "flex" "kmod" "libelf-dev" "libssl-dev" "make" "pahole"
      "patch" "perl" "python3-minimal" "rsync" "xz-utils" "zstd"
      # images and checks
      "squashfs-tools" "jq" "strace" "pkgconf" "openssl" "lua5.4"
    ];
  };

  # The Rust of the tools.  Debian keeps a recent one for its browsers (-web); the
  # kernel is built by the release's own, in the set above.
  rust = {
    arch = "amd64";
    packages = [
      "base-files" "bash" "coreutils" "dash" "diffutils" "findutils" "gawk" "grep" "gzip" "libc-bin"
      "patch" "sed" "tar" "xz-utils"
      "rustc-web" "cargo-web" "rust-web-src" "rust-web-clippy" "rustfmt-web"
      "clang" "lld" "llvm" "gcc" "libc6-dev" "libclang-rt-19-dev" "make" "pkgconf"
      "squashfs-tools" "openssl" "python3-minimal"
    ];
  };

  # The kernel's source, kept apart: only the kernel's derivation unpacks it.
  linux = { arch = "amd64"; packages = [ "linux-source-6.12" ]; };

  # The router's user space, from which nix/root.nix picks files.
  router = {
    arch = "amd64";
    packages = [
      "busybox" "libc6" "s6" "nftables" "iproute2" "dnsmasq-base" "dhcpcd-base" "dropbear-bin"
      "conntrack" "ca-certificates" "libc-bin" "iptables" "e2fsprogs" "openntpd" "wireguard-tools" "ppp"
      "hostapd" "wireless-regdb"
    ];
  };

  # The same for the other architecture, and what its programs are built from: unpacked below the set `rust`.
  router-aarch64 = { inherit (sets.router) packages; arch = "arm64"; };
  cross-aarch64 = { arch = "arm64"; packages = [ "libstd-rust-web-dev" "libc6-dev" "libgcc-14-dev" ]; };

  # What making a kernel that unpacks itself in EFI firmware calls, beside the toolchain.
  zboot = { arch = "amd64"; packages = [ "bsdextrautils" ]; };
  # And what making an image for U-Boot does.
  fit = { arch = "amd64"; packages = [ "u-boot-tools" "device-tree-compiler" ]; };

  # What the kernel's own tests of netfilter call, and, for their programs in C, beside the toolchain.
  kselftests = {
    arch = "amd64";
    packages = [
      "base-files" "bash" "coreutils" "grep" "sed" "gawk" "diffutils" "findutils" "debianutils" "util-linux" "mount" "procps" "kmod"
      "netbase" "iproute2" "iputils-ping" "ethtool" "nftables" "iptables" "ebtables" "conntrack" "ipvsadm"
      "socat" "iperf3" "tcpdump" "sendip" "jq" "libmnl-dev"
    ];
  };

  # The packet filters that `make bench` compares ours with.
  bench = { arch = "amd64"; packages = [ "iproute2" "nftables" "iptables" "ipset" "libc6" "libgcc-s1" ]; };

  # What the VM tests run on the host side.
  qemu = {
    arch = "amd64";
    packages = [
      "base-files" "bash" "coreutils" "dash" "findutils" "grep" "libc-bin" "sed" "gawk" "gzip"
      "qemu-system-x86" "qemu-utils" "ovmf" "ipxe-qemu"
    ];
  };

  # The same for guests of the other architecture.
  qemu-aarch64 = {
    arch = "amd64";
    packages = [
      "base-files" "bash" "coreutils" "dash" "findutils" "grep" "libc-bin" "sed" "gawk" "gzip"
      "qemu-system-arm" "qemu-utils" "qemu-efi-aarch64" "u-boot-qemu" "ipxe-qemu"
    ];
  };
} // (import ../profiles.nix).sets; in sets
