// SPDX-License-Identifier: MIT OR GPL-2.0-only
//! What is wrong with a release: all of it is said, not the first alone.

use std::fmt::Display;

use anyhow::{bail, Result};

/// What was found.
#[derive(Default)]
pub(super) struct Problems(Vec<String>);

impl Problems {
    /// Notes what is wrong with a file.
    pub(super) fn add(&mut self, file: &str, what: impl Display) {
        self.0.push(format!("{file}: {what}"));
    }

    /// Notes an error, and goes on without the value.
    pub(super) fn note<T>(&mut self, file: &str, result: Result<T, impl Into<anyhow::Error>>) -> Option<T> {
        result.map_err(|error| self.add(file, format!("{:#}", error.into()))).ok()
    }

    /// Notes what is wrong with a file unless this holds.
    pub(super) fn unless(&mut self, holds: bool, file: &str, what: impl Display) {
        if !holds {
            self.add(file, what);
        }
    }

    /// # Errors
    ///
    /// There are any.
    pub(super) fn end(self) -> Result<()> {
        match &self.0[..] {
            [] => Ok(()),
            [one] => bail!("{one}"),
            many => bail!("{} problems:\n  {}", many.len(), many.join("\n  ")),
        }
    }
}
