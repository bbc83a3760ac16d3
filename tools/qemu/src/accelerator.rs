// SPDX-License-Identifier: MIT OR GPL-2.0-only
//! Who executes the guest's instructions.

use crate::channel::Inherited;
use crate::process::{self, Process};
use anyhow::{Context, Result};
use std::fs::{self, OpenOptions};
use std::io::Read;
use std::path::Path;
use std::process::Stdio;
use std::sync::OnceLock;
use std::time::Duration;

/// Who executes the guest's instructions.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Accelerator {
    /// The processor, by Linux's KVM.
    Kvm,
    /// QEMU, by translation: works everywhere, and is about ten times slower.
    Tcg,
}

/// A boot sector that tells the debug-exit device 42: mov dx, 0xf4; mov al, 42; out dx, al; hlt; jmp -3
const SECTOR: [u8; 9] = [0xba, 0xf4, 0x00, 0xb0, 42, 0xee, 0xf4, 0xeb, 0xfd];
/// What QEMU makes of the 42.
const SAID: i32 = 42 << 1 | 1;
/// A firmware and nine bytes take a second.
const LIMIT: Duration = Duration::from_secs(20);

impl Accelerator {
    /// The best one that works here.  It is tried once per process: there are machines whose
    /// /dev/kvm opens, and on which a guest then does not start.
    pub fn detect() -> Self {
        static DETECTED: OnceLock<Accelerator> = OnceLock::new();
        *DETECTED.get_or_init(|| {
            let usable = OpenOptions::new().read(true).write(true).open("/dev/kvm").is_ok();
            if usable && Accelerator::Kvm.works() {
                Accelerator::Kvm
            } else {
                Accelerator::Tcg
            }
        })
    }

    /// Whether a guest really starts with it.
    pub fn works(self) -> bool {
        self.try_guest().unwrap_or(false)
    }

    fn try_guest(self) -> Result<bool> {
        let scratch = tempfile::tempdir().context("failed to make a temporary directory")?;
        let disk = scratch.path().join("disk");
        let mut image = vec![0; 1 << 20];
        image[..SECTOR.len()].copy_from_slice(&SECTOR);
        image[510..512].copy_from_slice(&[0x55, 0xaa]);
        fs::write(&disk, image).with_context(|| format!("failed to write {}", disk.display()))?;
        self.boot(&disk)
    }

    fn boot(self, disk: &Path) -> Result<bool> {
        let mut command = process::command();
        command
            .args(["-machine", "q35", "-m", "64", "-nodefaults", "-display", "none", "-no-reboot"])
            .args(self.arguments(false))
            .args(["-device", "isa-debug-exit,iobase=0xf4,iosize=4"])
            .arg("-drive")
            .arg(format!("if=ide,format=raw,file={}", disk.display()))
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null());
        // QEMU never uses this, and its end is QEMU's end: a guest that hangs is no guest.
        let mut channels = Inherited::default();
        let (mut alive, _) = channels.stream()?;
        alive.set_read_timeout(Some(LIMIT))?;
        let mut qemu = Process::start(command, &channels)?;
        drop(channels);
        Ok(alive.read(&mut [0])? == 0 && qemu.wait()?.code() == Some(SAID))
    }

    /// QEMU's arguments for it, and for processors that take turns if it is QEMU that executes them.
    pub(crate) fn arguments(self, in_turns: bool) -> [&'static str; 4] {
        match self {
            Accelerator::Kvm => ["-accel", "kvm", "-cpu", "host"],
            Accelerator::Tcg if in_turns => ["-accel", "tcg,thread=single", "-cpu", "max"],
            Accelerator::Tcg => ["-accel", "tcg", "-cpu", "max"],
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_guest_that_starts_works_and_one_without_a_disk_does_not() {
        // Host tests run where there is no QEMU too; the VM tests start guests in any case.
        if process::command().arg("--version").output().is_ok() {
            assert!(Accelerator::Tcg.works());
            assert!(!Accelerator::Tcg.boot(Path::new("/nonexistent")).expect("QEMU starts"));
        }
    }
}
