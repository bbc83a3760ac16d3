// SPDX-License-Identifier: MIT OR GPL-2.0-only
//! Lists that a router keeps up to date, for the policies that name them.
//!
//! Each list of the configuration has a *set* in a folder of the disk: the compiled file that scripts load. It is there
//! before policies start, if need be without members, so that no policy waits for the Internet ([`Lists::prepare`]).
//! From time to time the list is asked for; what comes is compiled, checked, and put in the place of the set, and the
//! policies that use it begin anew with it while packets pass ([`Lists::update`]). If any of that fails, the set that
//! was there stays. What is known of a list, and when it is asked for again, is its [`State`], beside the set.

pub mod cli;
mod compile;
mod serve;
mod state;
mod status;
mod update;

use std::fs::{self, File};
use std::io::{self, ErrorKind, Write};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::{SystemTime, UNIX_EPOCH};

use anyhow::{bail, Context, Result};
use config::{Contents, List};
use list::{Members, Opened};

pub use state::State;
pub use status::Status;
pub use update::News;

/// A router's lists.
pub struct Lists {
    /// The folder with what the configuration has rendered: `lists`, `authorities.pem`.
    pub config: PathBuf,
    /// The folder of the sets.
    pub folder: PathBuf,
    /// The folder of what is held by whoever asks for a list, and by whoever changes sets: one at a time.
    pub locks: PathBuf,
    /// What has the policies that use a set begin anew with it: shell, in which `$1` is the set's path.
    pub reload: String,
}

impl Default for Lists {
    fn default() -> Lists {
        Lists {
            config: "/run/config".into(),
            folder: "/data/lists".into(),
            locks: "/run/lunagate".into(),
            reload: ". /usr/lib/lunagate/network && reload \"$1\"".into(),
        }
    }
}

impl Lists {
    /// Those of the configuration.
    ///
    /// # Errors
    ///
    /// It cannot be read.
    pub fn all(&self) -> Result<Vec<List>> {
        let path = self.config.join("lists");
        let text = match fs::read_to_string(&path) {
            Err(error) if error.kind() == ErrorKind::NotFound => String::new(),
            text => text.with_context(|| format!("failed to read {}", path.display()))?,
        };
        let lists = text.lines().map(|line| line.parse().map_err(anyhow::Error::msg));
        lists.collect::<Result<_>>().with_context(|| format!("failed to understand {}", path.display()))
    }

    /// The one of this name.
    ///
    /// # Errors
    ///
    /// There is none.
    pub fn named(&self, name: &str) -> Result<List> {
        let all = self.all()?;
        let there = all.iter().map(|list| list.name.as_str()).collect::<Vec<_>>().join(", ");
        let Some(list) = all.into_iter().find(|list| list.name == name) else {
            bail!(
                "there is no list {name} in router.yaml: there are {}",
                if there.is_empty() { "none" } else { &there }
            );
        };
        Ok(list)
    }

    /// The path of a list's set.
    #[must_use]
    pub fn set(&self, list: &List) -> PathBuf {
        self.folder.join(list.file_name())
    }

    /// Has a set there for every list, whole and of its kind: an empty one, if need be. `clean` takes away what belongs
    /// to none of them. What its owner should know.
    ///
    /// # Errors
    ///
    /// It cannot be written.
    pub fn prepare(&self, clean: bool) -> Result<Vec<String>> {
        let lists = self.all()?;
        let mut said = Vec::new();
        if lists.is_empty() && !self.folder.exists() {
            return Ok(said);
        }
        fs::create_dir_all(&self.folder).with_context(|| format!("failed to make {}", self.folder.display()))?;
        let _lock = self.lock()?;
        for list in &lists {
            let (set, before) = (self.set(list), self.before(list));
            // A cut of power came before it was known whether policies take the new one.
            if before.exists() {
                fs::rename(&before, &set).with_context(|| format!("failed to write {}", set.display()))?;
            }
            let damaged = set.exists();
            if self.ensure(list)? && damaged {
                said.push(format!(
                    "the set of {} is damaged, or of another kind: it is empty until it has come",
                    list.name
                ));
            }
        }
        if clean {
            self.clean(&lists)?;
        }
        Ok(said)
    }

    /// Has an empty set there unless there is one; whether that is so now.
    fn ensure(&self, list: &List) -> Result<bool> {
        let set = self.set(list);
        if opens(&set, list.kind) {
            return Ok(false);
        }
        let empty = empty(list.kind).compile(&[])?;
        files::save(&set, |file| file.write_all(&empty))?;
        State::forget(&self.folder, &list.name);
        Ok(true)
    }

    fn clean(&self, lists: &[List]) -> Result<()> {
        let known =
            |name: &str| lists.iter().any(|list| name == list.file_name() || name == State::file_name(&list.name));
        for entry in fs::read_dir(&self.folder).with_context(|| format!("failed to read {}", self.folder.display()))? {
            let entry = entry?;
            if !known(&entry.file_name().to_string_lossy()) {
                // Next time, then.
                let _ = fs::remove_file(entry.path());
            }
        }
        Ok(())
    }

    /// What a set was before, while it is not known whether policies take the new one.
    fn before(&self, list: &List) -> PathBuf {
        self.folder.join(format!("{}.before", list.name))
    }

    /// Held while sets change, never while something comes.
    fn lock(&self) -> Result<File> {
        hold(&self.locks.join("lists.lock"))
    }

    /// Held while the router follows a configuration, which prepares sets, too: to be had before [`Lists::lock`].
    fn lock_configuration(&self) -> Result<File> {
        hold(&self.config.with_extension("lock"))
    }

    /// Has the policies that use a set begin anew.
    fn reload(&self, set: &Path) -> Result<()> {
        let output = Command::new("sh").arg("-c").arg(&self.reload).arg("sh").arg(set).output();
        let output = output.context("failed to run sh")?;
        if !output.status.success() {
            bail!("{}", String::from_utf8_lossy(&output.stderr).trim());
        }
        Ok(())
    }
}

/// Waits until nobody else has this file.
fn hold(path: &Path) -> Result<File> {
    let failed = || format!("failed to lock {}", path.display());
    let file = File::create(path).with_context(failed)?;
    file.lock().with_context(failed)?;
    Ok(file)
}

fn kind(contents: Contents) -> sets::Kind {
    match contents {
        Contents::Domains => sets::Kind::Domains,
        Contents::Addresses => sets::Kind::Addresses,
    }
}

fn empty(contents: Contents) -> Members {
    match contents {
        Contents::Domains => Members::Domains(Default::default()),
        Contents::Addresses => Members::Addresses(Default::default()),
    }
}

/// Whether a kernel would take this set.
fn opens(set: &Path, contents: Contents) -> bool {
    Opened::new(set).is_ok_and(|opened| opened.kind() == kind(contents))
}

/// Seconds since 1970, by the clock here.
fn now() -> u64 {
    SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |time| time.as_secs())
}

/// Puts a file beside another name, instead of what is there.
fn link(from: &Path, to: &Path) -> io::Result<()> {
    match fs::remove_file(to) {
        Err(error) if error.kind() != ErrorKind::NotFound => return Err(error),
        _ => {}
    }
    fs::hard_link(from, to)
}
