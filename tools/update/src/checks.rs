// SPDX-License-Identifier: MIT OR GPL-2.0-only
//! The checks of a router's health.

use std::fs;
use std::os::unix::process::CommandExt as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result};
use rustix::process::{kill_process_group, Pid, Signal};

use crate::bounded::within;

/// How long a check may take.
const PATIENCE: Duration = Duration::from_secs(30);

/// The checks, and how the boot ended.
#[derive(Clone)]
pub struct Checks {
    /// A folder of shell scripts, asked in the order of their names.  One that is not content says why
    /// and fails.
    pub folder: PathBuf,
    /// What the boot leaves when it is over: `ready`, or the reason of its failure.
    pub boot: PathBuf,
    /// How long each may take; one that takes longer is not content, and killed.
    pub patience: Duration,
}

impl Checks {
    /// Those of the system at `root` (`/`).
    pub fn of(root: &Path) -> Checks {
        Checks { folder: root.join("etc/health.d"), boot: root.join("run/lunagate/boot"), patience: PATIENCE }
    }

    /// Those that are not content: name and words of each.
    ///
    /// # Errors
    ///
    /// When one cannot be asked.
    pub fn unhealthy(&self) -> Result<Vec<(String, String)>> {
        let mut unhealthy = Vec::new();
        for name in self.names()? {
            if let Some(words) = self.ask(&name, self.patience)? {
                unhealthy.push((name, words));
            }
        }
        Ok(unhealthy)
    }

    /// The first that is not content: its name and its words.  Who comes so late that it is `end` is not asked.
    pub(crate) fn complaint(&self, spared: &[String], end: Instant) -> Result<Option<String>> {
        for name in self.names()?.into_iter().filter(|name| !spared.contains(name)) {
            let left = end.saturating_duration_since(Instant::now());
            let words = match left.is_zero() {
                true => Some("there was no time left to ask it".to_owned()),
                false => self.ask(&name, left.min(self.patience))?,
            };
            if let Some(words) = words {
                return Ok(Some(format!("{name}: {words}")));
            }
        }
        Ok(None)
    }

    /// What the boot said at its end.
    pub(crate) fn boot(&self) -> Option<String> {
        fs::read_to_string(&self.boot).ok().map(|text| text.trim_end().to_owned())
    }

    fn names(&self) -> Result<Vec<String>> {
        let failed = || format!("failed to read {}", self.folder.display());
        let entries = fs::read_dir(&self.folder).with_context(failed)?;
        let names = entries.map(|entry| Ok(entry?.file_name().to_string_lossy().into_owned()));
        let mut names = names.collect::<std::io::Result<Vec<_>>>().with_context(failed)?;
        names.sort();
        Ok(names)
    }

    /// Its words when it is not content.
    fn ask(&self, name: &str, patience: Duration) -> Result<Option<String>> {
        let failed = || format!("failed to run the check {name}");
        let mut command = Command::new("sh");
        command.arg(self.folder.join(name)).stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
        // In a group of its own, so that whom it calls ends with it.
        let child = command.process_group(0).spawn().with_context(failed)?;
        let group = Pid::from_child(&child);
        let Some(output) = within(patience, move || Ok(child.wait_with_output()?)).with_context(failed)? else {
            // One that hangs in the kernel does not even hear that.
            let _ = kill_process_group(group, Signal::KILL);
            return Ok(Some("no answer in time".to_owned()));
        };
        let words = [output.stdout, output.stderr].concat();
        Ok((!output.status.success()).then(|| String::from_utf8_lossy(&words).trim().to_owned()))
    }
}
