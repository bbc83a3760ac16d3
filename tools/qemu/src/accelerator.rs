// SPDX-License-Identifier: MIT OR GPL-2.0-only
//! Who executes the guest's instructions.

use crate::process::{self, Process};
use crate::{channel::Inherited, Boot, Platform};
use anyhow::{Context, Result};
use std::fs::OpenOptions;
use std::io::Read;
use std::process::Stdio;
use std::sync::OnceLock;
use std::time::{Duration, Instant};

/// Who executes the guest's instructions.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Accelerator {
    /// The processor, by Linux's KVM.
    Kvm,
    /// QEMU, by translation: works everywhere, and is about ten times slower.
    Tcg,
}

/// What every boot of the router leads to on its console: it is ready, or a stage has failed.
const LIVES: &str = "lunagate: ";
/// What QEMU says when KVM has come upon an instruction that it does not know.
const DEAD: &str = "KVM internal error";
/// Where KVM works, a boot takes some seconds.
const LIMIT: Duration = Duration::from_secs(30);

impl Accelerator {
    /// The best one that works here for what is to be booted, which is really booted to find out:
    /// there are machines whose /dev/kvm opens, and takes a boot sector, but no kernel. It is tried
    /// once per process.
    pub fn detect(boot: &Boot) -> Self {
        static DETECTED: OnceLock<Accelerator> = OnceLock::new();
        *DETECTED.get_or_init(|| {
            let usable = || OpenOptions::new().read(true).write(true).open("/dev/kvm").is_ok();
            if boot.platform().is_ok_and(Platform::is_the_hosts)
                && usable()
                && Accelerator::Kvm.boots(boot).unwrap_or(false)
            {
                Accelerator::Kvm
            } else {
                Accelerator::Tcg
            }
        })
    }

    /// Whether a router comes to life with it.
    ///
    /// # Errors
    /// When QEMU is missing, or what is to be booted.
    pub fn boots(self, boot: &Boot) -> Result<bool> {
        let scratch = tempfile::tempdir().context("failed to make a temporary directory")?;
        let mut channels = Inherited::default();
        let (said, end) = channels.stream()?;
        let platform = boot.platform()?;
        let mut command = process::command(platform);
        command
            .args(["-nodefaults", "-machine", platform.machine(), "-m", "256", "-display", "none", "-no-reboot"])
            .args(self.arguments(platform, false))
            .args(boot.arguments(scratch.path(), false)?)
            .args(["-chardev", &format!("socket,id=console,fd={end}"), "-serial", "chardev:console"])
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(channels.duplicate(end)?);
        let _qemu = Process::start(command, platform, &channels)?;
        drop(channels);
        let deadline = Instant::now() + LIMIT;
        let next = |bytes: &mut [u8]| {
            let left = deadline.saturating_duration_since(Instant::now());
            // No time is no limit to it.
            said.set_read_timeout(Some(left.max(Duration::from_millis(1))))?;
            (&said).read(bytes)
        };
        Ok(lives(next))
    }

    /// QEMU's arguments for it, and for processors that take turns if it is QEMU that executes them.
    pub(crate) fn arguments(self, platform: Platform, in_turns: bool) -> [&'static str; 4] {
        match self {
            Accelerator::Kvm => ["-accel", "kvm", "-cpu", "host"],
            Accelerator::Tcg if in_turns => ["-accel", "tcg,thread=single", "-cpu", platform.processor()],
            Accelerator::Tcg => ["-accel", "tcg", "-cpu", platform.processor()],
        }
    }
}

/// Whether what `next` reads, the router's console and QEMU's words, is a router's that lives. An
/// end, or an error such as that time is up, is that of one that does not.
fn lives(mut next: impl FnMut(&mut [u8]) -> std::io::Result<usize>) -> bool {
    let mut said = Vec::new();
    let mut bytes = [0; 4096];
    loop {
        let Ok(count @ 1..) = next(&mut bytes) else { return false };
        said.extend(&bytes[..count]);
        let text = String::from_utf8_lossy(&said);
        if text.contains(LIVES) {
            return true;
        }
        if text.contains(DEAD) {
            return false;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Whether a router lives that says this and then no more.
    fn says(parts: &[&str]) -> bool {
        let mut parts = parts.iter();
        lives(|bytes| {
            let part = parts.next().ok_or(std::io::ErrorKind::WouldBlock)?.as_bytes();
            bytes[..part.len()].copy_from_slice(part);
            Ok(part.len())
        })
    }

    #[test]
    fn a_router_that_speaks_lives() {
        assert!(says(&["[    1.2] a warning\r\nluna", "gate: ready\r\n"]));
        assert!(says(&["lunagate: network failed: no device\r\n"]));
    }

    #[test]
    fn silence_an_end_and_an_error_of_kvm_are_death() {
        assert!(!says(&[]));
        assert!(!says(&["loader: slot a\r\n", ""]));
        assert!(!says(&["KVM internal err", "or. Suberror: 3\nemulation failure\n", "lunagate: ready"]));
    }
}
