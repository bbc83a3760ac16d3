// SPDX-License-Identifier: MIT OR GPL-2.0-only
//! What a router keeps of its configuration, so that no cut of power leaves it without one: each file is there whole or
//! not at all, and the one that was confirmed goes last.

use std::fs::{self, Permissions};
use std::io::{ErrorKind, Write};
use std::os::unix::fs::{MetadataExt, PermissionsExt};
use std::path::{Path, PathBuf};

use crate::{Config, Error, Ports};

use files::Problem;

/// The owner's file.
pub(crate) const FILE: &str = "router.yaml";
/// The last one that was confirmed.
pub(crate) const CONFIRMED: &str = "confirmed.yaml";
/// One that nobody has confirmed yet.
const TRIAL: &str = "trial.yaml";
/// What the router ran with when that began, whether or not anybody had confirmed it.
const BEFORE: &str = "before.yaml";
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

/// What a boot may run with.
#[derive(Debug)]
pub(crate) struct Candidates {
    /// Names of files, of which it uses the first that it can.
    pub(crate) names: Vec<String>,
    /// What the owner should know besides.
    pub(crate) said: Vec<String>,
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

    pub(crate) fn read(&self, name: &str) -> Result<Option<String>, Error> {
        let path = self.folder.join(name);
        match fs::read_to_string(&path) {
            Ok(text) => Ok(Some(text)),
            Err(error) if error.kind() == ErrorKind::NotFound => Ok(None),
            Err(source) => Err(files::Error::Read { path, source }.into()),
        }
    }

    /// Whether a file has this text. One that cannot be read has another.
    pub(crate) fn is(&self, name: &str, text: &str) -> bool {
        fs::read(self.folder.join(name)).is_ok_and(|bytes| bytes == text.as_bytes())
    }

    pub(crate) fn write(&self, name: &str, text: &str) -> Result<(), Error> {
        let path = self.folder.join(name);
        let folder = path.parent().unwrap_or(&self.folder);
        fs::create_dir_all(folder).map_err(files::Error::writing(folder))?;
        // A file may have a password in it.
        fs::set_permissions(folder, Permissions::from_mode(0o700)).map_err(files::Error::writing(folder))?;
        Ok(files::save(&path, |file| file.write_all(text.as_bytes()))?)
    }

    fn remove(&self, name: &str) -> Result<(), Error> {
        let path = self.folder.join(name);
        match fs::remove_file(&path) {
            Err(error) if error.kind() == ErrorKind::NotFound => return Ok(()),
            removed => removed.map_err(files::Error::writing(&path))?,
        }
        self.sync()
    }

    fn sync(&self) -> Result<(), Error> {
        let synced = fs::File::open(&self.folder).and_then(|folder| folder.sync_all());
        Ok(synced.map_err(files::Error::writing(&self.folder))?)
    }

    /// What is on trial is the one that was taken back, whatever it is.
    fn set_aside(&self) -> Result<(), Error> {
        self.rename(TRIAL, REJECTED)
    }

    fn rename(&self, from: &str, to: &str) -> Result<(), Error> {
        let path = self.folder.join(to);
        fs::rename(self.folder.join(from), &path).map_err(files::Error::writing(&path))?;
        self.sync()
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

    /// Which trial it is, by its file: another one has another name, though its text be the same.
    ///
    /// # Errors
    ///
    /// It cannot be looked at.
    pub fn trial_name(&self) -> Result<Option<String>, Error> {
        let path = self.folder.join(TRIAL);
        match fs::metadata(&path) {
            Ok(file) => Ok(Some(format!("{}.{}.{}", file.ino(), file.ctime(), file.ctime_nsec()))),
            Err(error) if error.kind() == ErrorKind::NotFound => Ok(None),
            Err(source) => Err(files::Error::Read { path, source }.into()),
        }
    }

    /// Puts a text on trial. `before` is what the router runs with; of a failsafe boot it is nothing of the owner's.
    ///
    /// # Errors
    ///
    /// [`Error::OnTrial`], or it cannot be written.
    pub fn begin(&self, text: &str, before: Option<&str>) -> Result<(), Error> {
        if self.trial()?.is_some() {
            return Err(Error::OnTrial);
        }
        match before {
            Some(before) => self.write(BEFORE, before)?,
            None => self.remove(BEFORE)?,
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
            self.remove(TRIAL)?;
            return self.remove(BEFORE);
        }
        // Who has removed it does not mean to lose what was confirmed.
        let Some(text) = self.read(FILE)? else { return Err(Error::NoTrial) };
        if text == self.confirmed()? {
            return Err(Error::NoTrial);
        }
        self.parse(&text).map_err(files::Error::says(&self.file()))?;
        self.keep(&text)?;
        self.write(CONFIRMED, &text)
    }

    /// The owner's file is confirmed if none ever was.
    pub(crate) fn confirm_first(&self) -> Result<(), Error> {
        if self.read(CONFIRMED)?.is_some() {
            return Ok(());
        }
        self.confirm()
    }

    /// Whether nobody has said anything.
    pub(crate) fn is_empty(&self) -> bool {
        ![FILE, CONFIRMED].iter().any(|name| self.folder.join(name).exists())
    }

    /// What is on trial is not, and kept beside; the text with which the router ran before, none if that was a failsafe boot.
    /// That needs no room on the disk.
    ///
    /// # Errors
    ///
    /// [`Error::NoTrial`], or files cannot be written: then it is on trial still.
    pub fn reject(&self) -> Result<Option<String>, Error> {
        let text = self.trial()?.ok_or(Error::NoTrial)?;
        // Whoever cannot read it goes on as if it were not there.
        let before = self.read(BEFORE).ok().flatten();
        // The owner may have changed the file itself, and no boot may use what was not confirmed.
        if self.is(FILE, &text) {
            match &before {
                Some(_) => self.rename(BEFORE, FILE)?,
                // Without the file a boot uses what is confirmed.
                None => self.write(FILE, &self.confirmed()?).or_else(|_| self.remove(FILE))?,
            }
        }
        self.set_aside()?;
        self.remove(BEFORE)?;
        Ok(before)
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
            if self.is(&version(last), text) {
                return Ok(());
            }
        }
        self.write(&version(last.unwrap_or(0) + 1), text)?;
        for number in history.iter().take((history.len() + 1).saturating_sub(VERSIONS)) {
            self.remove(&version(*number))?;
        }
        Ok(())
    }

    /// Ends a trial, and says what to boot with: the owner's file, or else the last one that was confirmed, or those before
    /// it, as a version of the firmware from before an update knows not all keys of newer ones. Nothing stops a boot.
    pub(crate) fn boot(&self) -> Candidates {
        let (mut first, mut said) = (FILE, Vec::new());
        match self.trial() {
            Ok(None) => {}
            // Only the end of its confirmation was missing.
            Ok(Some(trial)) if self.is(FILE, &trial) && self.is(CONFIRMED, &trial) => {
                said.extend(self.confirm().err().map(|error| error.in_full()));
            }
            Ok(Some(trial)) => match self.reject() {
                Ok(_) => {
                    said.push(format!("nobody confirmed the last configuration: it is {REJECTED} now, and not used"));
                }
                Err(error) => {
                    // The owner's file may be what is on trial, or be what was before again.
                    if self.is(FILE, &trial) {
                        first = BEFORE;
                    }
                    said.push(format!(
                        "what nobody confirmed cannot be taken back, and is not used: {}",
                        error.in_full()
                    ));
                }
            },
            Err(error) => {
                first = BEFORE;
                said.push(format!("what nobody confirmed is not used: {}", error.in_full()));
                said.extend(self.set_aside().err().map(|error| error.in_full()));
            }
        }
        let history = self.history().unwrap_or_else(|error| {
            said.push(error.in_full());
            Vec::new()
        });
        let history = history.into_iter().rev().map(version);
        let names = [first, CONFIRMED].into_iter().map(str::to_owned).chain(history).collect();
        Candidates { names, said }
    }
}

fn version(number: u32) -> String {
    format!("{HISTORY}/{number:05}.yaml")
}
