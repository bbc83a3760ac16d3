// SPDX-License-Identifier: MIT OR GPL-2.0-only
//! The kinds of machines that QEMU plays, by what is to be booted.

use anyhow::{bail, Context, Result};
use std::fs::File;
use std::io::Read;
use std::path::Path;

/// A kind of machine.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Platform {
    /// A PC, `q35`.
    X86_64,
    /// An Arm board of 64 bits, `virt`.
    Aarch64,
}

/// Where the kernel's own header is: what a bzImage says at its place, and what an Arm Image says.
const KERNELS: [(usize, &[u8], Platform); 2] =
    [(0x202, b"HdrS", Platform::X86_64), (56, b"ARM\x64", Platform::Aarch64)];
/// The loader's name in the EFI system partition, by which firmware of either kind finds it: as FAT
/// keeps names of eight letters and three.
const LOADERS: [(&[u8], Platform); 2] = [(b"BOOTX64 EFI", Platform::X86_64), (b"BOOTAA64EFI", Platform::Aarch64)];
/// Bytes of a disk's beginning that hold the system partition's folders.
const FOLDERS: u64 = 8 << 20;

impl Platform {
    /// The machine for a kernel that QEMU boots directly.
    ///
    /// # Errors
    /// When it cannot be read, or is no kernel that QEMU boots.
    pub fn of_kernel(kernel: &Path) -> Result<Self> {
        let start = start(kernel, 4096)?;
        let says = |at: usize, magic: &[u8]| start.get(at..at + magic.len()) == Some(magic);
        let found = KERNELS.iter().find(|(at, magic, _)| says(*at, magic));
        match found {
            Some(&(.., platform)) => Ok(platform),
            None => bail!("{}: neither a kernel for x86_64 (bzImage) nor one for aarch64 (Image)", kernel.display()),
        }
    }

    /// The machine for a disk image.
    ///
    /// # Errors
    /// When it cannot be read, or has no EFI loader.
    pub fn of_disk(image: &Path) -> Result<Self> {
        let start = start(image, FOLDERS)?;
        let has = |name: &[u8]| start.windows(name.len()).any(|window| window == name);
        match LOADERS.iter().find(|(name, _)| has(name)) {
            Some(&(_, platform)) => Ok(platform),
            None => bail!("{}: no EFI loader for x86_64 or aarch64 in it: is this a router's image?", image.display()),
        }
    }

    /// QEMU's program, and Debian's package that has it.
    pub(crate) fn program(self) -> (&'static str, &'static str) {
        match self {
            Platform::X86_64 => ("qemu-system-x86_64", "qemu-system-x86"),
            Platform::Aarch64 => ("qemu-system-aarch64", "qemu-system-arm"),
        }
    }

    /// QEMU's name of the machine.
    pub(crate) fn machine(self) -> &'static str {
        match self {
            Platform::X86_64 => "q35",
            Platform::Aarch64 => "virt",
        }
    }

    /// The processor that QEMU translates: one with everything, except that on Arm signed pointers would take
    /// more time than all else.
    pub(crate) fn processor(self) -> &'static str {
        match self {
            Platform::X86_64 => "max",
            Platform::Aarch64 => "max,pauth-impdef=on",
        }
    }

    /// U-Boot, which is EFI firmware to a loader, and Debian's package that has it, where there is one for this machine.
    pub(crate) fn u_boot(self) -> Option<[&'static str; 2]> {
        match self {
            Platform::X86_64 => None,
            Platform::Aarch64 => Some(["/usr/lib/u-boot/qemu_arm64/u-boot.bin", "u-boot-qemu"]),
        }
    }

    /// EDK2 and its variables, and Debian's package that has them.
    pub(crate) fn firmware(self) -> [&'static str; 3] {
        match self {
            Platform::X86_64 => ["/usr/share/OVMF/OVMF_CODE_4M.fd", "/usr/share/OVMF/OVMF_VARS_4M.fd", "ovmf"],
            Platform::Aarch64 => {
                ["/usr/share/AAVMF/AAVMF_CODE.no-secboot.fd", "/usr/share/AAVMF/AAVMF_VARS.fd", "qemu-efi-aarch64"]
            }
        }
    }

    /// Whether this host's processor could execute it.
    pub(crate) fn is_the_hosts(self) -> bool {
        match self {
            Platform::X86_64 => cfg!(target_arch = "x86_64"),
            Platform::Aarch64 => cfg!(target_arch = "aarch64"),
        }
    }
}

/// The first bytes of a file, so many or all.
fn start(file: &Path, bytes: u64) -> Result<Vec<u8>> {
    let mut start = Vec::new();
    let opened = File::open(file).with_context(|| format!("failed to open {}", file.display()))?;
    opened.take(bytes).read_to_end(&mut start).with_context(|| format!("failed to read {}", file.display()))?;
    Ok(start)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What is said of a file with these bytes at this place.
    fn of(at: usize, bytes: &[u8], judge: fn(&Path) -> Result<Platform>) -> Result<Platform> {
        let folder = tempfile::tempdir().expect("a directory");
        let file = folder.path().join("file");
        let mut contents = vec![0; at];
        contents.extend(bytes);
        std::fs::write(&file, contents).expect("a file");
        judge(&file)
    }

    #[test]
    fn a_kernel_says_whose_it_is() {
        assert_eq!(of(0x202, b"HdrS", Platform::of_kernel).expect("a kernel"), Platform::X86_64);
        assert_eq!(of(56, b"ARM\x64", Platform::of_kernel).expect("a kernel"), Platform::Aarch64);
        let error = of(0, b"MZ", Platform::of_kernel).expect_err("none");
        assert!(error.to_string().ends_with("(bzImage) nor one for aarch64 (Image)"), "{error}");
    }

    #[test]
    fn a_disk_says_whose_it_is() {
        assert_eq!(of(1_234_567, b"BOOTX64 EFI", Platform::of_disk).expect("a disk"), Platform::X86_64);
        assert_eq!(of(1_234_567, b"BOOTAA64EFI", Platform::of_disk).expect("a disk"), Platform::Aarch64);
        assert!(of(100, b"nothing", Platform::of_disk).expect_err("none").to_string().contains("no EFI loader"));
        let error = Platform::of_disk(Path::new("/nonexistent/image")).expect_err("none");
        assert_eq!(error.to_string(), "failed to open /nonexistent/image");
    }
}
