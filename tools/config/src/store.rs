// SPDX-License-Identifier: MIT OR GPL-2.0-only
//! What a router keeps of its configuration, so that no cut of power leaves it without one: each file is there whole or
//! not at all, and the one that was confirmed goes last.

use std::fs::{self, Permissions};
use std::io::{ErrorKind, Write};
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};

use crate::{Config, Error, Ports};

use files::Problem;

/// The owner's file.
const FILE: &str = "router.yaml";
/// The last one that was confirmed.
const CONFIRMED: &str = "confirmed.yaml";
/// What a router boots with, the first of these that is right.
const USED: [&str; 2] = [FILE, CONFIRMED];
/// One that nobody has confirmed yet.
const TRIAL: &str = "trial.yaml";
/// The last one that was taken back.
const REJECTED: &str = "rejected.yaml";
/// Those that were confirmed, by number.
const HISTORY: &str = "history";
/// How many of them are kept.
const VERSIONS: usize = 20;

/// A folder of these.
#[derive(Clone, Debug)]
pub struct Store {
    folder: PathBuf,
    ports: Ports,
}

/// What a boot runs with.
#[derive(Debug)]
pub struct Boot {
    /// The configuration.
    pub config: Config,
    /// What its owner should know of that.
    pub said: Vec<String>,
}

impl Store {
    /// Of a router with these ports. The folder need not be there yet.
    pub fn new(folder: impl Into<PathBuf>, ports: Ports) -> Store {
        Store { folder: folder.into(), ports }
    }

    /// What the router's own ports are, unless it is said.
    #[must_use]
    pub fn ports(&self) -> &Ports {
        &self.ports
    }

    /// What a text would have this router do.
    ///
    /// # Errors
    ///
    /// What is wrong, with its place.
    pub fn parse(&self, text: &str) -> Result<Config, Problem> {
        Config::read(text, &self.ports)
    }

    /// The owner's file.
    pub fn file(&self) -> PathBuf {
        self.folder.join(FILE)
    }

    fn read(&self, name: &str) -> Result<Option<String>, Error> {
        let path = self.folder.join(name);
        match fs::read_to_string(&path) {
            Ok(text) => Ok(Some(text)),
            Err(error) if error.kind() == ErrorKind::NotFound => Ok(None),
            Err(source) => Err(files::Error::Read { path, source }.into()),
        }
    }

    fn write(&self, name: &str, text: &str) -> Result<(), Error> {
        let path = self.folder.join(name);
        let folder = path.parent().unwrap_or(&self.folder);
        fs::create_dir_all(folder).map_err(files::Error::writing(folder))?;
        // A file may have a password in it.
        fs::set_permissions(folder, Permissions::from_mode(0o700)).map_err(files::Error::writing(folder))?;
        Ok(files::save(&path, |file| file.write_all(text.as_bytes()))?)
    }

    fn remove(&self, name: &str) -> Result<(), Error> {
        let path = self.folder.join(name);
        let removed = fs::remove_file(&path).and_then(|()| fs::File::open(&self.folder)?.sync_all());
        Ok(removed.map_err(files::Error::writing(&path))?)
    }

    /// The text of the last one that was confirmed; that of the default, which is empty, if none was.
    ///
    /// # Errors
    ///
    /// It cannot be read.
    pub fn confirmed(&self) -> Result<String, Error> {
        Ok(self.read(CONFIRMED)?.unwrap_or_default())
    }

    /// The text that is on trial.
    ///
    /// # Errors
    ///
    /// It cannot be read.
    pub fn trial(&self) -> Result<Option<String>, Error> {
        self.read(TRIAL)
    }

    /// Puts a text on trial.
    ///
    /// # Errors
    ///
    /// [`Error::OnTrial`], or it cannot be written.
    pub fn begin(&self, text: &str) -> Result<(), Error> {
        if self.trial()?.is_some() {
            return Err(Error::OnTrial);
        }
        self.write(TRIAL, text)
    }

    /// What is on trial is the configuration from now on; or else the owner's file is, with which the router booted.
    ///
    /// # Errors
    ///
    /// [`Error::NoTrial`], that file is wrong, or files cannot be written: then it is on trial still.
    pub fn confirm(&self) -> Result<(), Error> {
        if let Some(text) = self.trial()? {
            self.write(FILE, &text)?;
            self.write(CONFIRMED, &text)?;
            // Not before: it would have what a cut of power took back.
            self.keep(&text)?;
            return self.remove(TRIAL);
        }
        let text = self.read(FILE)?.unwrap_or_default();
        if text == self.confirmed()? {
            return Err(Error::NoTrial);
        }
        self.parse(&text).map_err(files::Error::says(&self.file()))?;
        self.keep(&text)?;
        self.write(CONFIRMED, &text)
    }

    /// What is on trial is not, and kept beside; the text of what is the configuration again.
    ///
    /// # Errors
    ///
    /// [`Error::NoTrial`], or files cannot be written: then it is on trial still.
    pub fn reject(&self) -> Result<String, Error> {
        let text = self.trial()?.ok_or(Error::NoTrial)?;
        let confirmed = self.confirmed()?;
        self.write(REJECTED, &text)?;
        // The owner may have changed the file itself.
        if self.read(FILE)?.as_ref() == Some(&text) {
            self.write(FILE, &confirmed)?;
        }
        self.remove(TRIAL)?;
        Ok(confirmed)
    }

    /// The numbers of the versions, the oldest first.
    ///
    /// # Errors
    ///
    /// The folder cannot be read.
    pub fn history(&self) -> Result<Vec<u32>, Error> {
        let folder = self.folder.join(HISTORY);
        let entries = match fs::read_dir(&folder) {
            Err(error) if error.kind() == ErrorKind::NotFound => return Ok(Vec::new()),
            entries => entries.map_err(files::Error::reading(&folder))?,
        };
        let number = |name: &Path| name.to_str()?.strip_suffix(".yaml")?.parse::<u32>().ok();
        let mut numbers = Vec::new();
        for entry in entries {
            let entry = entry.map_err(files::Error::reading(&folder))?;
            numbers.extend(number(Path::new(&entry.file_name())));
        }
        numbers.sort_unstable();
        Ok(numbers)
    }

    /// The text of a version.
    ///
    /// # Errors
    ///
    /// [`Error::NoVersion`], or it cannot be read.
    pub fn version(&self, number: u32) -> Result<String, Error> {
        self.read(&version(number))?.ok_or(Error::NoVersion { number })
    }

    /// When a version was confirmed.
    #[must_use]
    pub fn date(&self, number: u32) -> Option<std::time::SystemTime> {
        fs::metadata(self.folder.join(version(number))).ok()?.modified().ok()
    }

    fn keep(&self, text: &str) -> Result<(), Error> {
        let history = self.history()?;
        let last = history.last().copied();
        // A cut of power came between this and what follows it.
        if let Some(last) = last {
            if self.version(last)? == text {
                return Ok(());
            }
        }
        self.write(&version(last.unwrap_or(0) + 1), text)?;
        for number in history.iter().take((history.len() + 1).saturating_sub(VERSIONS)) {
            self.remove(&version(*number))?;
        }
        Ok(())
    }

    /// What the router runs with: what is on trial, or else what a boot would run with.
    ///
    /// # Errors
    ///
    /// Files cannot be read.
    pub fn current(&self) -> Result<Config, Error> {
        for name in [TRIAL].into_iter().chain(USED) {
            if let Some(config) = self.read(name)?.and_then(|text| self.parse(&text).ok()) {
                return Ok(config);
            }
        }
        Ok(Config::new(&self.ports))
    }

    /// What to boot with. Never fails for what a file says: the confirmed one, and without that the default, take its place.
    ///
    /// # Errors
    ///
    /// Files cannot be read or written.
    pub fn boot(&self) -> Result<Boot, Error> {
        let mut said = Vec::new();
        if let Some(trial) = self.trial()? {
            if self.read(CONFIRMED)?.as_ref() == Some(&trial) {
                // Only the end of that was missing.
                self.confirm()?;
            } else {
                self.reject()?;
                said.push(format!("nobody confirmed the last configuration: it is {REJECTED} now, and not used"));
            }
        }
        for name in USED {
            // Without a file the router is as a new one is.
            let Some(text) = self.read(name)? else { continue };
            match self.parse(&text) {
                Ok(config) if name == FILE => return Ok(Boot { config, said }),
                Ok(config) => {
                    said.push(format!("{name}, the last one that was confirmed, is used"));
                    return Ok(Boot { config, said });
                }
                Err(problem) => said.push(format!("{name}:{problem}")),
            }
        }
        if !said.is_empty() {
            said.push("the router is configured as a new one is".to_owned());
        }
        Ok(Boot { config: Config::new(&self.ports), said })
    }
}

fn version(number: u32) -> String {
    format!("{HISTORY}/{number:05}.yaml")
}
