// SPDX-License-Identifier: MIT OR GPL-2.0-only
//! How much of what a cut of power may leave is looked at.

use anyhow::{bail, Result};
use powercut::Cut;

/// How much of what a cut of power may leave is looked at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Sweep {
    /// How many choices of what was not flushed are tried before each flush.
    pub choices: usize,
    /// Of how many of those /data is judged, which takes a hundred times as long as slots do.
    pub data: usize,
    /// How many of the states are booted, one of each part of the time that it took.
    pub booted: usize,
    /// Whether each write is torn behind each of its sectors, too, and the first state of each class is booted.
    pub all: bool,
}

impl Sweep {
    /// Whether /data is judged after this cut.
    pub fn judges_data(&self, cut: Cut) -> bool {
        cut.choice.is_none_or(|choice| choice < self.data)
    }

    /// The one that the variable `LUNAGATE_SWEEP` asks for: this sample, or, when it is `all`, this one of all.
    ///
    /// # Errors
    /// It asks for something else.
    pub fn of_environment(sample: Sweep, all: Sweep) -> Result<Sweep> {
        match std::env::var("LUNAGATE_SWEEP").as_deref() {
            Err(_) | Ok("") => Ok(sample),
            Ok("all") => Ok(all),
            Ok(other) => bail!("LUNAGATE_SWEEP={other}: say `all`, or leave it away for a sample"),
        }
    }
}
