// SPDX-License-Identifier: MIT OR GPL-2.0-only
//! QEMU as a child that does not outlive us.

use crate::channel::Inherited;
use crate::Platform;
use anyhow::{bail, Context, Result};
use std::io;
use std::os::unix::process::CommandExt;
use std::process::{Child, Command, ExitStatus};

/// A running QEMU, killed when this is dropped.
pub struct Process(Child);

/// QEMU's command, before its arguments: its program for this machine, unless `LUNAGATE_QEMU` names another.
pub fn command(platform: Platform) -> Command {
    Command::new(std::env::var_os("LUNAGATE_QEMU").unwrap_or_else(|| platform.program().0.into()))
}

impl Process {
    /// Starts `command`, which keeps the ends of `channels`, and ends with this thread at the latest.
    pub fn start(mut command: Command, platform: Platform, channels: &Inherited) -> Result<Self> {
        let numbers = channels.numbers();
        let parent = std::process::id();
        let prepare = move || {
            for &number in &numbers {
                // SAFETY: F_SETFD changes a flag of a descriptor that `channels` holds open.
                if unsafe { libc::fcntl(number, libc::F_SETFD, 0) } < 0 {
                    return Err(io::Error::last_os_error());
                }
            }
            // SAFETY: PR_SET_PDEATHSIG takes a signal's number and touches no memory.
            if unsafe { libc::prctl(libc::PR_SET_PDEATHSIG, libc::SIGKILL) } < 0 {
                return Err(io::Error::last_os_error());
            }
            // SAFETY: getppid has no arguments and cannot fail.
            if unsafe { libc::getppid() } as u32 != parent {
                return Err(io::Error::other("the parent is gone"));
            }
            Ok(())
        };
        // SAFETY: between fork and exec `prepare` makes system calls only; it allocates nothing unless it fails.
        unsafe { command.pre_exec(prepare) };
        match command.spawn() {
            Ok(child) => Ok(Process(child)),
            Err(error) if error.kind() == io::ErrorKind::NotFound => bail!(
                "no {}: install QEMU (Debian: {}), or name the program in LUNAGATE_QEMU",
                command.get_program().to_string_lossy(),
                platform.program().1
            ),
            Err(error) => Err(error).with_context(|| format!("failed to start {:?}", command.get_program())),
        }
    }

    /// Waits until QEMU ends.
    pub fn wait(&mut self) -> Result<ExitStatus> {
        self.0.wait().context("failed to wait for QEMU")
    }

    /// Its process ID.
    pub fn id(&self) -> u32 {
        self.0.id()
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        // It fails when QEMU has ended by itself, which is as good.
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}
