// SPDX-License-Identifier: MIT OR GPL-2.0-only
//! All that is the owner's on a router: configuration, keys, policies. It is backed up into one file, and comes back from
//! it, or is erased, at the router's next start: until then nothing has changed, and a cut of power leaves the one or the
//! other. `usr/lib/lunagate/data` of the root does that part.

pub mod cli;

use std::fs::{self, File, OpenOptions};
use std::io::{self, Read, Write};
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use crate::trial::PROFILE;
use crate::{Config, Error, Ports};

/// What a backup begins with, so that another archive is none.
const MARK: &str = "lunagate-backup";
const MARKED: &str = "1\n";
/// What a start of the router finds here takes the place of everything.
const NEXT: &str = "restore";
/// What may become that.
const STAGING: &str = "restore.new";
/// What was to become that when something else came: a start takes it away, and the one before.
const GIVEN_UP: &str = "restore.old";
/// What belongs to the disk, or to the versions in the slots, or is made anew, or is of this machine's past.
const NOT_THE_OWNERS: [&str; 9] =
    ["lost+found", "update", "openntpd", "lists", "crashes", NEXT, STAGING, GIVEN_UP, "restoring"];

/// The owner's folder, `/data` on a router.
pub struct Data {
    folder: PathBuf,
    /// Where there is room for a backup that is not packed.
    scratch: PathBuf,
    /// Of the router, which a backup's configuration must fit.
    ports: Ports,
}

impl Data {
    /// This machine's.
    ///
    /// # Errors
    ///
    /// Its profile cannot be read, or is wrong.
    pub fn here() -> Result<Data, Error> {
        Ok(Data::new("/data", "/tmp", Ports::of_machine(PROFILE.as_ref())?))
    }

    /// Of a router with these ports. The folder is there; `scratch` is one for what is forgotten soon.
    pub fn new(folder: impl Into<PathBuf>, scratch: impl Into<PathBuf>, ports: Ports) -> Data {
        Data { folder: folder.into(), scratch: scratch.into(), ports }
    }

    /// Writes a backup: a packed archive, with the keys that are secret.
    ///
    /// # Errors
    ///
    /// Something cannot be read or written.
    pub fn back_up(&self, to: impl Into<Stdio>) -> Result<(), Error> {
        let mark = self.folder.join(MARK);
        fs::write(&mark, MARKED).map_err(files::Error::writing(&mark))?;
        let mut names = vec![MARK.to_owned()];
        let all = entries(&self.folder)?.into_iter();
        names.extend(all.filter(|name| name != MARK && !NOT_THE_OWNERS.contains(&name.as_str())));
        let tar = Command::new("tar")
            .arg("-C")
            .arg(&self.folder)
            .args(["-c", "-z", "-f", "-"])
            .args(&names)
            .stdout(to)
            .output();
        let removed = fs::remove_file(&mark).map_err(files::Error::writing(&mark));
        finished("tar", tar).map_err(|said| Error::BackUp { said })?;
        Ok(removed?)
    }

    /// Reads a backup, whose contents take the place of all at the next start.
    ///
    /// # Errors
    ///
    /// [`Error::NoBackup`], or there is no room: then nothing will change.
    pub fn restore(&self, from: &mut dyn Read) -> Result<(), Error> {
        let archive = self.scratch.join("restore.tar");
        let staging = self.folder.join(STAGING);
        let staged = unpack(from, &archive).and_then(|()| self.stage(&archive, &staging));
        let _ = fs::remove_file(&archive);
        if staged.is_err() {
            let _ = fs::remove_dir_all(&staging);
        }
        staged?;
        self.commit(&staging)
    }

    /// All is as on a new router after the next start.
    ///
    /// # Errors
    ///
    /// It cannot be written.
    pub fn reset(&self) -> Result<(), Error> {
        let staging = self.folder.join(STAGING);
        make_empty(&staging)?;
        self.commit(&staging)
    }

    fn stage(&self, archive: &Path, staging: &Path) -> Result<(), Error> {
        let no_backup = |said: String| Error::NoBackup { said };
        let list = Command::new("tar").arg("-t").arg("-f").arg(archive).output();
        let list = finished("tar", list).map_err(no_backup)?;
        for name in list.lines() {
            let first = name.split('/').next().unwrap_or_default();
            if name.starts_with('/') || name.split('/').any(|part| part == "..") || NOT_THE_OWNERS.contains(&first) {
                return Err(no_backup(format!("it has {name}")));
            }
        }
        if list.lines().next() != Some(MARK) {
            return Err(no_backup(format!("it does not begin with {MARK}")));
        }
        make_empty(staging)?;
        let extracted = Command::new("tar").arg("-C").arg(staging).arg("-x").arg("-f").arg(archive).output();
        finished("tar", extracted).map_err(|said| Error::NoRoom { said })?;
        let mark = staging.join(MARK);
        if fs::read_to_string(&mark).map_err(files::Error::reading(&mark))? != MARKED {
            return Err(no_backup("it is of another kind: a newer version made it".to_owned()));
        }
        fs::remove_file(&mark).map_err(files::Error::writing(&mark))?;
        let file = staging.join("config/router.yaml");
        if file.exists() {
            let text = files::read_text(&file)?;
            Config::read(&text, &self.ports)
                .map_err(|problem| no_backup(format!("its router.yaml is wrong: {problem}")))?;
        }
        Ok(())
    }

    /// The staged folder counts from now on, when the disk has it.
    fn commit(&self, staging: &Path) -> Result<(), Error> {
        let (next, given_up) = (self.folder.join(NEXT), self.folder.join(GIVEN_UP));
        remove(&given_up)?;
        finished("sync", Command::new("sync").output()).map_err(|said| Error::NoRoom { said })?;
        // A start must not find a part of it.
        if next.exists() {
            fs::rename(&next, &given_up).map_err(files::Error::writing(&given_up))?;
        }
        let renamed = fs::rename(staging, &next).and_then(|()| File::open(&self.folder)?.sync_all());
        renamed.map_err(files::Error::writing(&next))?;
        // Or else the start does.
        let _ = remove(&given_up);
        Ok(())
    }
}

fn remove(folder: &Path) -> Result<(), Error> {
    if folder.exists() {
        fs::remove_dir_all(folder).map_err(files::Error::writing(folder))?;
    }
    Ok(())
}

fn make_empty(folder: &Path) -> Result<(), Error> {
    remove(folder)?;
    Ok(fs::create_dir(folder).map_err(files::Error::writing(folder))?)
}

fn entries(folder: &Path) -> Result<Vec<String>, Error> {
    let mut names = Vec::new();
    for entry in fs::read_dir(folder).map_err(files::Error::reading(folder))? {
        let entry = entry.map_err(files::Error::reading(folder))?;
        names.push(entry.file_name().to_string_lossy().into_owned());
    }
    names.sort_unstable();
    Ok(names)
}

/// Unpacks into a file; gzip's sum over all of it is right, then.
fn unpack(from: &mut dyn Read, to: &Path) -> Result<(), Error> {
    // It has secret keys. Another one would stay as others can read it.
    let _ = fs::remove_file(to);
    let file =
        OpenOptions::new().write(true).create_new(true).mode(0o600).open(to).map_err(files::Error::writing(to))?;
    let mut gzip = Command::new("gzip");
    let gzip = gzip.args(["-d", "-c"]).stdin(Stdio::piped()).stdout(file).stderr(Stdio::piped()).spawn();
    let mut gzip = gzip.map_err(|error| Error::NoBackup { said: format!("gzip: {error}") })?;
    let copied = gzip
        .stdin
        .take()
        .map_or(Ok(0), |mut stdin| io::copy(from, &mut stdin).and_then(|len| stdin.flush().map(|()| len)));
    finished("gzip", gzip.wait_with_output()).map_err(|said| Error::NoBackup { said })?;
    // What gzip has no use for it does not read.
    copied.map(drop).map_err(|error| Error::NoBackup { said: error.to_string() })
}

/// What a program said, or why it did not do it.
fn finished(program: &str, output: io::Result<std::process::Output>) -> Result<String, String> {
    let output = output.map_err(|error| format!("{program}: {error}"))?;
    if output.status.success() {
        Ok(String::from_utf8_lossy(&output.stdout).into_owned())
    } else {
        Err(String::from_utf8_lossy(&output.stderr).trim().to_owned())
    }
}
