// SPDX-License-Identifier: MIT OR GPL-2.0-only
//! What is kept of the last update, on the partition that both versions share.

use std::fs;
use std::io::Write;
use std::path::PathBuf;

use anyhow::{Context as _, Result};
use serde::{Deserialize, Serialize};

/// The last update.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Trial {
    /// The slot that it went to, 0 or 1.
    pub slot: usize,
    /// Its version.
    pub version: String,
    /// Checks that were not content before it, which it need not please either.
    pub unhealthy_before: Vec<String>,
    /// Why it did not prove itself, each time that it booted and could say so.
    pub failures: Vec<String>,
    /// Whether it proved itself: for who cannot read the boot record.
    pub proved: bool,
}

/// Where it is kept.
#[derive(Clone, Debug)]
pub struct Notes(PathBuf);

impl Notes {
    /// Notes in a folder, which is made when there is something to keep.
    pub fn at(folder: PathBuf) -> Notes {
        Notes(folder)
    }

    /// What is kept; `None` without an update, or when it cannot be read: notes never stand in
    /// the way of an update.
    pub fn read(&self) -> Option<Trial> {
        serde_json::from_slice(&fs::read(self.file()).ok()?).ok()
    }

    /// What is kept of an update of this slot.
    pub fn of(&self, slot: usize) -> Option<Trial> {
        self.read().filter(|trial| trial.slot == slot)
    }

    /// Keeps this instead.
    ///
    /// # Errors
    ///
    /// When it cannot be written.
    pub fn keep(&self, trial: &Trial) -> Result<()> {
        fs::create_dir_all(&self.0).with_context(|| format!("failed to make {}", self.0.display()))?;
        let text = serde_json::to_vec(trial)?;
        Ok(files::save(&self.file(), |file| file.write_all(&text))?)
    }

    fn file(&self) -> PathBuf {
        self.0.join("trial.json")
    }
}
