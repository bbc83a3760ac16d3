// SPDX-License-Identifier: MIT OR GPL-2.0-only
//! Whether a version that is on trial does what a router is for.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result};

use crate::{confirm, Router, Trial};

/// How long to wait before the checks are asked again.
const PAUSE: Duration = Duration::from_secs(1);

/// The checks, and how the boot ended.
pub struct Checks {
    /// A folder of shell scripts, asked in the order of their names.  One that is not content says why
    /// and fails.
    pub folder: PathBuf,
    /// What the boot leaves when it is over: `ready`, or the reason of its failure.
    pub boot: PathBuf,
}

impl Checks {
    /// Those of the system at `root` (`/`).
    pub fn of(root: &Path) -> Checks {
        Checks { folder: root.join("etc/health.d"), boot: root.join("run/lunagate/boot") }
    }

    /// The names of those that are not content.
    ///
    /// # Errors
    ///
    /// When one cannot be asked.
    pub fn unhealthy(&self) -> Result<Vec<String>> {
        let mut unhealthy = Vec::new();
        for name in self.names()? {
            if self.ask(&name)?.is_some() {
                unhealthy.push(name);
            }
        }
        Ok(unhealthy)
    }

    /// The first that is not content: its name and its words.
    fn complaint(&self, spared: &[String]) -> Result<Option<String>> {
        for name in self.names()?.into_iter().filter(|name| !spared.contains(name)) {
            if let Some(words) = self.ask(&name)? {
                return Ok(Some(format!("{name}: {words}")));
            }
        }
        Ok(None)
    }

    /// What the boot said at its end.
    fn boot(&self) -> Option<String> {
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
    fn ask(&self, name: &str) -> Result<Option<String>> {
        let output = Command::new("sh").arg(self.folder.join(name)).stdin(Stdio::null()).output();
        let output = output.with_context(|| format!("failed to run the check {name}"))?;
        let words = [output.stdout, output.stderr].concat();
        Ok((!output.status.success()).then(|| String::from_utf8_lossy(&words).trim().to_owned()))
    }
}

/// What the health check came to.
#[derive(Debug, PartialEq, Eq)]
pub enum Health {
    /// What runs had proved itself before.
    Known,
    /// It has now.
    Proved,
    /// It did not, and the reason is kept: restart.
    Failed(String),
}

/// Waits until the boot is over and all checks are content, and confirms what runs.  What takes longer than
/// `limit`, or a boot that failed, is noted; the loader counts how often that may be.
///
/// # Errors
///
/// When the boot record cannot be read, so that nobody knows whether there is a trial.
pub fn health(router: &Router, checks: &Checks, limit: Duration) -> Result<Health> {
    if router.control(|control| Ok(control.record().slots[router.running].confirmed))? {
        return Ok(Health::Known);
    }
    // They are on a partition that the boot mounts meanwhile.
    let notes = || router.notes.read().filter(|trial| trial.slot == router.running);
    let deadline = Instant::now() + limit;
    let reason = loop {
        let complaint = match checks.boot().as_deref() {
            None => Some("the boot has not come to its end".to_owned()),
            Some("ready") => checks.complaint(&spared(notes())).unwrap_or_else(|error| Some(format!("{error:#}"))),
            Some(failed) => break failed.to_owned(),
        };
        match complaint {
            None => match confirm(router) {
                Ok(_) => return Ok(Health::Proved),
                Err(error) => break format!("{error:#}"),
            },
            Some(words) if Instant::now() >= deadline => break words,
            Some(_) => thread::sleep(PAUSE),
        }
    };
    let mut trial = notes().unwrap_or_else(|| Trial {
        slot: router.running,
        version: router.running().map(|manifest| manifest.product.version).unwrap_or_default(),
        ..Trial::default()
    });
    trial.failures.push(reason.clone());
    // Without notes the router must restart all the same.
    if let Err(error) = router.notes.keep(&trial) {
        eprintln!("update: the reason is not kept: {error:#}");
    }
    Ok(Health::Failed(reason))
}

/// The checks that are not asked.
fn spared(trial: Option<Trial>) -> Vec<String> {
    trial.map(|trial| trial.unhealthy_before).unwrap_or_default()
}
