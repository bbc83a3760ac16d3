// SPDX-License-Identifier: MIT OR GPL-2.0-only
//! What a machine boots.

use crate::Platform;
use anyhow::{bail, Context, Result};
use std::ffi::OsString;
use std::fs;
use std::path::{Path, PathBuf};

/// What a machine boots.
#[derive(Debug, Clone)]
pub enum Boot {
    /// A kernel, handed over by QEMU: seconds faster than any firmware.
    Direct {
        /// The kernel: a bzImage, or an Arm Image.
        kernel: PathBuf,
        /// Its command line.
        cmdline: String,
        /// The root file system: the first virtio disk, read-only.
        root: PathBuf,
    },
    /// A disk image, through EFI firmware, EDK2 unless another is said.  What the guest writes to it is forgotten.
    Disk {
        /// The image of the whole disk.
        image: PathBuf,
    },
    /// As [`Boot::Disk`], but what the guest writes stays in the image, and every write and flush is
    /// appended to a log: the format of the kernel's dm-log-writes.
    Recorded {
        /// The image of the whole disk.
        image: PathBuf,
        /// The log, a new file.
        log: PathBuf,
    },
    /// A flattened image tree (FIT) in memory at [`Boot::FIT`], and U-Boot, which waits for a key and then for commands.
    Fit {
        /// The FIT.
        image: PathBuf,
        /// The first virtio disk, if there is one.  What the guest writes to it stays.
        disk: Option<PathBuf>,
    },
}

impl Boot {
    /// The address to which boards load files, and at which QEMU puts a [`Boot::Fit`].
    pub const FIT: u32 = 0x4600_0000;

    /// A direct boot of what `nix build .#router-image` leaves in `directory`.
    ///
    /// # Errors
    /// When the directory lacks `kernel`, `cmdline` or `root.squashfs`.
    pub fn direct(directory: &Path) -> Result<Self> {
        let cmdline = directory.join("cmdline");
        let text = fs::read_to_string(&cmdline)
            .with_context(|| format!("failed to read {}: is this an image's directory?", cmdline.display()))?;
        Ok(Boot::Direct {
            kernel: directory.join("kernel"),
            cmdline: text.trim().to_string(),
            root: directory.join("root.squashfs"),
        })
    }

    /// The disk image that `nix build .#router-image` leaves in `directory`.
    ///
    /// # Errors
    /// When there is none, or several.
    pub fn disk(directory: &Path) -> Result<Self> {
        Ok(Boot::Disk { image: only(directory, "img", "disk image")? })
    }

    /// The FIT that `nix build .#fit-...` leaves in `directory`.
    ///
    /// # Errors
    /// When there is none, or several.
    pub fn fit(directory: &Path) -> Result<Self> {
        Ok(Boot::Fit { image: only(directory, "itb", "FIT")?, disk: None })
    }

    /// The machine that can boot it.
    ///
    /// # Errors
    /// When what is to be booted is missing, or says nothing of a machine.
    pub fn platform(&self) -> Result<Platform> {
        match self {
            Boot::Direct { kernel, .. } => Platform::of_kernel(kernel),
            Boot::Disk { image } | Boot::Recorded { image, .. } => Platform::of_disk(image),
            // Ours are for no other.
            Boot::Fit { .. } => Ok(Platform::Aarch64),
        }
    }

    /// The same without traces on the disk.
    pub(crate) fn traceless(&self) -> Boot {
        match self {
            Boot::Recorded { image, .. } => Boot::Disk { image: image.clone() },
            other => other.clone(),
        }
    }

    /// QEMU's arguments; the firmware's variables are copied into `scratch`.
    pub(crate) fn arguments(&self, scratch: &Path, by_u_boot: bool) -> Result<Vec<OsString>> {
        let firmware = |platform| if by_u_boot { u_boot(platform) } else { edk2(platform, scratch) };
        let mut arguments: Vec<OsString> = Vec::new();
        match self {
            Boot::Direct { kernel, cmdline, root } => {
                exists(kernel)?;
                arguments.extend(["-kernel".into(), kernel.into(), "-append".into(), cmdline.into()]);
                arguments.extend(disk(root, "readonly=on")?);
            }
            Boot::Disk { image } => {
                arguments.extend(firmware(self.platform()?)?);
                arguments.extend(disk(image, "snapshot=on")?);
            }
            Boot::Recorded { image, log } => {
                arguments.extend(firmware(self.platform()?)?);
                arguments.extend(recorded(image, log)?);
            }
            Boot::Fit { image, disk: other } => {
                arguments.extend(u_boot(self.platform()?)?);
                exists(image)?;
                let place = format!("loader,addr={:#x},force-raw=on", Boot::FIT);
                arguments.extend(["-device".into(), drive(&place, image)?.into()]);
                if let Some(other) = other {
                    arguments.extend(disk(other, "snapshot=off")?);
                }
            }
        }
        Ok(arguments)
    }
}

/// The only file in `directory` with this ending.
fn only(directory: &Path, ending: &str, kind: &str) -> Result<PathBuf> {
    let files = fs::read_dir(directory).with_context(|| format!("failed to read {}", directory.display()))?;
    let mut found =
        files.flatten().map(|file| file.path()).filter(|path| path.extension().is_some_and(|e| e == ending));
    match (found.next(), found.next()) {
        (Some(file), None) => Ok(file),
        (None, _) => bail!("{}: no {kind} (*.{ending}) in it: is this an image's directory?", directory.display()),
        (Some(_), Some(_)) => bail!("{}: more than one {kind} (*.{ending}) in it", directory.display()),
    }
}

/// U-Boot keeps its variables in memory.
fn u_boot(platform: Platform) -> Result<Vec<OsString>> {
    let Some([file, package]) = platform.u_boot() else { bail!("there is no U-Boot for {}", platform.machine()) };
    exists(file.as_ref()).with_context(|| format!("no U-Boot: install it (Debian: {package})"))?;
    Ok(vec!["-bios".into(), file.into()])
}

/// EFI firmware, and its variables of this machine alone.
fn edk2(platform: Platform, scratch: &Path) -> Result<Vec<OsString>> {
    let [code, fresh, package] = platform.firmware();
    exists(code.as_ref()).with_context(|| format!("no EFI firmware: install it (Debian: {package})"))?;
    let variables = scratch.join("variables");
    fs::copy(fresh, &variables).with_context(|| format!("failed to copy {fresh} to {}", variables.display()))?;
    // The copy of a read-only file is read-only, and the firmware writes to it.
    let mut permissions = fs::metadata(&variables)?.permissions();
    std::os::unix::fs::PermissionsExt::set_mode(&mut permissions, 0o600);
    fs::set_permissions(&variables, permissions)?;
    Ok(vec![
        "-drive".into(),
        format!("if=pflash,format=raw,readonly=on,file={code}").into(),
        "-drive".into(),
        drive("if=pflash,format=raw", &variables)?.into(),
    ])
}

/// A disk whose writes are logged.
fn recorded(image: &Path, log: &Path) -> Result<[OsString; 8]> {
    exists(image)?;
    fs::File::create(log).with_context(|| format!("failed to create {}", log.display()))?;
    let node = |name: &str, file: &Path| drive(&format!("driver=file,node-name={name}"), file).map(as_node);
    Ok([
        "-blockdev".into(),
        node("image", image)?.into(),
        "-blockdev".into(),
        node("log", log)?.into(),
        "-blockdev".into(),
        "driver=blklogwrites,node-name=disk,file=image,log=log,log-sector-size=512".into(),
        "-device".into(),
        "virtio-blk-pci,drive=disk".into(),
    ])
}

/// A node's option for its file has another name than a drive's.
fn as_node(option: String) -> String {
    option.replacen(",file=", ",filename=", 1)
}

fn disk(file: &Path, options: &str) -> Result<[OsString; 4]> {
    exists(file)?;
    Ok([
        "-drive".into(),
        drive(&format!("if=none,id=disk,format=raw,{options}"), file)?.into(),
        "-device".into(),
        "virtio-blk-pci,drive=disk".into(),
    ])
}

/// An argument of `-drive`, in which a comma is doubled.
pub(crate) fn drive(options: &str, file: &Path) -> Result<String> {
    let Some(name) = file.to_str() else { bail!("{}: not UTF-8, which QEMU's options need", file.display()) };
    Ok(format!("{options},file={}", name.replace(',', ",,")))
}

fn exists(file: &Path) -> Result<()> {
    fs::metadata(file).with_context(|| format!("failed to open {}", file.display()))?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_comma_in_a_name_is_no_option() {
        assert_eq!(drive("if=none", Path::new("/a,b")).expect("UTF-8"), "if=none,file=/a,,b");
    }

    #[test]
    fn a_missing_file_is_named() {
        let scratch = tempfile::tempdir().expect("a directory");
        let boot = Boot::Disk { image: "/nonexistent/image".into() };
        let error = boot.arguments(scratch.path(), false).expect_err("no such file");
        assert!(format!("{error:#}").contains("/nonexistent/image"), "{error:#}");
        let error = Boot::disk(scratch.path()).expect_err("no such file").to_string();
        assert!(error.ends_with("no disk image (*.img) in it: is this an image's directory?"), "{error}");
        let error = Boot::fit(scratch.path()).expect_err("no such file").to_string();
        assert!(error.ends_with("no FIT (*.itb) in it: is this an image's directory?"), "{error}");
        let error = Boot::direct(Path::new("/nonexistent")).expect_err("no such directory");
        assert!(format!("{error:#}").contains("/nonexistent/cmdline"), "{error:#}");
    }
}
