// SPDX-License-Identifier: MIT OR GPL-2.0-only
//! A machine that runs.

use crate::process::Process;
use crate::{Console, Control, Exec, Port};
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
    pub(crate) process: Process,
    // After the process, so that QEMU has ended when its files go.
    pub(crate) scratch: TempDir,
}

impl Machine {
    /// Its directory of temporary files, among them `console.log` and `qemu.log`.
    pub fn directory(&self) -> &std::path::Path {
        self.scratch.path()
    }

    /// QEMU's process ID.
    pub fn id(&self) -> u32 {
        self.process.id()
    }
}
