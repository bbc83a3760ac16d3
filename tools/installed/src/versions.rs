// SPDX-License-Identifier: MIT OR GPL-2.0-only
//! Packages on a disk, unpacked: NAME/VERSION is a folder that has all of it, or is not there.

use std::fs::{self, File};
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use package::Package;

use crate::Error;

/// What a folder is called while it is filled, and after a cut of power then.
const UNFINISHED: &str = ".unfinished";
/// What is held while a folder is filled or goes.
const LOCK: &str = ".lock";

/// A folder of policies.
pub struct Versions(PathBuf);

impl Versions {
    /// The folder need not be there yet.
    pub fn new(folder: impl Into<PathBuf>) -> Versions {
        Versions(folder.into())
    }

    fn folder(&self, name: &str, version: &str) -> PathBuf {
        self.0.join(name).join(version)
    }

    /// Unpacks a package; whether it was not here before.
    ///
    /// # Errors
    ///
    /// [`Error::Taken`], or files cannot be written: then it is not here.
    pub fn add(&self, package: &Package) -> Result<bool, Error> {
        let (name, version) = (&package.manifest.name, &package.version);
        let folder = self.folder(name, version);
        let _lock = self.lock()?;
        let unfinished = self.0.join(name).join(UNFINISHED);
        remove(&unfinished)?;
        fs::create_dir_all(&unfinished).map_err(files::Error::writing(&unfinished))?;
        package.unpack(&unfinished)?;
        if folder.exists() {
            let same = equal(&folder, &unfinished)?;
            remove(&unfinished)?;
            let (name, version) = (name.clone(), version.clone());
            return if same { Ok(false) } else { Err(Error::Taken { name, version }) };
        }
        fs::rename(&unfinished, &folder).map_err(files::Error::writing(&folder))?;
        // The policy's folder may be a new name in this one, and this one in its own.
        for folder in self.0.join(name).ancestors().take(3) {
            File::open(folder).and_then(|folder| folder.sync_all()).map_err(files::Error::writing(folder))?;
        }
        Ok(true)
    }

    /// Takes a version away.
    ///
    /// # Errors
    ///
    /// Files cannot be removed.
    pub fn remove(&self, name: &str, version: &str) -> Result<(), Error> {
        let _lock = self.lock()?;
        // Under its name it is whole or not at all, here too.
        let unfinished = self.0.join(name).join(UNFINISHED);
        remove(&unfinished)?;
        let folder = self.folder(name, version);
        fs::rename(&folder, &unfinished).map_err(files::Error::writing(&folder))?;
        remove(&unfinished)?;
        // The last one's folder goes with it; while there are others it stays.
        let _ = fs::remove_dir(self.0.join(name));
        Ok(())
    }

    /// Whoever has this is the only one who unpacks, or takes away.
    fn lock(&self) -> Result<File, Error> {
        let path = self.0.join(LOCK);
        let locked =
            fs::create_dir_all(&self.0).and_then(|()| File::create(&path)).and_then(|file| file.lock().map(|()| file));
        Ok(locked.map_err(files::Error::writing(&path))?)
    }

    /// Takes a policy away, with all versions.
    ///
    /// # Errors
    ///
    /// Files cannot be removed.
    pub fn remove_all(&self, name: &str) -> Result<(), Error> {
        self.of(name)?.iter().try_for_each(|version| self.remove(name, version))?;
        remove(&self.0.join(name))
    }

    /// The policies of which versions are here, sorted.
    ///
    /// # Errors
    ///
    /// The folder cannot be read.
    pub fn names(&self) -> Result<Vec<String>, Error> {
        names(&self.0)
    }

    /// A policy's versions, the last installed last.
    ///
    /// # Errors
    ///
    /// The folder cannot be read.
    pub fn of(&self, name: &str) -> Result<Vec<String>, Error> {
        let folder = self.0.join(name);
        let mut versions = names(&folder)?;
        versions.sort_by_key(|version| fs::metadata(folder.join(version)).and_then(|data| data.modified()).ok());
        Ok(versions)
    }
}

/// The folders in a folder; none without it.
fn names(folder: &Path) -> Result<Vec<String>, Error> {
    let mut names = Vec::new();
    let entries = match fs::read_dir(folder) {
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(names),
        entries => entries.map_err(files::Error::reading(folder))?,
    };
    for entry in entries {
        let name = entry.map_err(files::Error::reading(folder))?.file_name().to_string_lossy().into_owned();
        if !name.starts_with('.') {
            names.push(name);
        }
    }
    names.sort();
    Ok(names)
}

fn remove(folder: &Path) -> Result<(), Error> {
    match fs::remove_dir_all(folder) {
        Err(error) if error.kind() != ErrorKind::NotFound => Err(files::Error::writing(folder)(error).into()),
        _ => Ok(()),
    }
}

/// Whether two folders have the same files.
fn equal(one: &Path, other: &Path) -> Result<bool, Error> {
    let (here, there) = (names(one)?, names(other)?);
    if here != there {
        return Ok(false);
    }
    for name in here {
        let (one, other) = (one.join(&name), other.join(&name));
        let same = match (one.is_dir(), other.is_dir()) {
            (true, true) => equal(&one, &other)?,
            (false, false) => files::read(&one)? == files::read(&other)?,
            _ => false,
        };
        if !same {
            return Ok(false);
        }
    }
    Ok(true)
}
