// SPDX-License-Identifier: MIT OR GPL-2.0-only
//! Whoever sits at U-Boot's prompt.

use anyhow::Result;

use crate::Lab;

/// What U-Boot says when it waits for a command. It is a line that has not ended.
const PROMPT: &str = "=> ";

impl Lab {
    /// Powers the machine on, and keeps U-Boot from booting by itself.
    ///
    /// # Errors
    /// As [`Lab::until`].
    pub fn stop_u_boot(&mut self) -> Result<()> {
        self.machine.control.resume()?;
        self.until("U-Boot", |lab| Ok(lab.machine.console.find("U-Boot 20", 0)))?;
        // It looks whether there is a key before it begins to count.
        self.machine.enter("")?;
        self.prompt()
    }

    /// Has U-Boot run a command: whether it succeeded, and what it said.
    ///
    /// # Errors
    /// As [`Lab::until`].
    pub fn u_boot(&mut self, command: &str) -> Result<(bool, Vec<String>)> {
        let seen = self.machine.console.len();
        self.machine.enter(&format!("{command}; echo status $?"))?;
        // The line that was typed has a sign there instead of a number.
        let status = self.until(&format!("end of '{command}'"), |lab| {
            let says = |status: &str| lab.machine.console.find(status, seen).is_some();
            Ok([("status 0", true), ("status 1", false)].into_iter().find(|(status, _)| says(status)))
        })?;
        self.prompt()?;
        Ok((status.1, self.machine.console.lines(seen)))
    }

    fn prompt(&mut self) -> Result<()> {
        self.until("prompt of U-Boot", |lab| Ok(lab.machine.console.asks(PROMPT).then_some(())))
    }
}
