// SPDX-License-Identifier: MIT OR GPL-2.0-only
//! A machine that runs.

use crate::process::Process;
use crate::{Console, Control, Exec, Port};
use anyhow::{Context, Result};
use std::io::Write;
use std::os::unix::net::UnixStream;
use tempfile::TempDir;

/// A machine that runs, and ends when this is dropped.
pub struct Machine {
    /// What it prints.
    pub console: Console,
    /// Commands inside.
    pub exec: Exec,
    /// QEMU's own control.
    pub control: Control,
    /// Its ports that are connected to us, in the order of the [`Builder`](crate::Builder).
    pub ports: Vec<Port>,
    pub(crate) keyboard: UnixStream,
    pub(crate) process: Process,
    // After the process, so that QEMU has ended when its files go.
    pub(crate) scratch: TempDir,
}

impl Machine {
    /// Its directory of temporary files, among them `console.log` and `qemu.log`.
    pub fn directory(&self) -> &std::path::Path {
        self.scratch.path()
    }

    /// Types a line at its serial console.
    ///
    /// # Errors
    /// The machine has ended.
    pub fn enter(&mut self, line: &str) -> Result<()> {
        self.keyboard
            .write_all(format!("{line}\r").as_bytes())
            .with_context(|| format!("failed to type '{line}': the machine has ended"))
    }

    /// QEMU's process ID.
    pub fn id(&self) -> u32 {
        self.process.id()
    }
}
