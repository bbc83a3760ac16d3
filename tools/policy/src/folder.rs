// SPDX-License-Identifier: MIT OR GPL-2.0-only
//! The folders of policies.

use std::ffi::OsStr;
use std::fs;
use std::path::{Path, PathBuf};

use crate::manifest::is_script;
use crate::{Error, Manifest};

/// A folder's manifest and scripts.
#[derive(Debug)]
pub struct Policy {
    /// What it says about itself.
    pub manifest: Manifest,
    /// The same, as it is written.
    pub text: String,
    /// Its Lua files, sorted; not its tests, which are in a folder of their own.
    pub scripts: Vec<Script>,
    /// The files of its folder `data`, sorted, which its scripts read.
    pub data: Vec<Datum>,
}

/// The Lua files that policies share.
#[derive(Debug)]
pub struct Library {
    /// The files, sorted.
    pub scripts: Vec<Script>,
}

/// A Lua file.
#[derive(Debug)]
pub struct Script {
    /// Its name without `.lua`.
    pub name: String,
    /// Its contents.
    pub text: Vec<u8>,
}

/// A file that scripts read.
#[derive(Debug)]
pub struct Datum {
    /// Its name.
    pub name: String,
    /// Its contents.
    pub bytes: Vec<u8>,
}

/// The folder of such files.
pub const DATA: &str = "data";

/// The manifest's file.
pub const MANIFEST: &str = "policy.yaml";

impl Policy {
    /// Reads a policy.
    ///
    /// # Errors
    ///
    /// An unreadable file, a manifest that says what it must not, an entry that is not there.
    pub fn open(folder: &Path) -> Result<Policy, Error> {
        // `.` has a name too.
        let real = folder.canonicalize().map_err(files::Error::reading(folder))?;
        let name = real.file_name().unwrap_or_default().to_string_lossy().into_owned();
        let path = folder.join(MANIFEST);
        let text = files::read_text(&path)?;
        let manifest = Manifest::parse(&text, &name).map_err(files::Error::says(&path))?;
        let scripts = scripts(folder)?;
        if scripts.iter().any(|script| script.name == "parameters") {
            return Err(Error::ParametersTaken { path: folder.join("parameters.lua") });
        }
        if !scripts.iter().any(|script| script.name == manifest.entry) {
            let source =
                std::io::Error::new(std::io::ErrorKind::NotFound, "it is the entry of policy.yaml, and not there");
            return Err(files::Error::reading(&folder.join(format!("{}.lua", manifest.entry)))(source).into());
        }
        Ok(Policy { manifest, text, scripts, data: data(&folder.join(DATA))? })
    }
}

impl Library {
    /// Reads the files.
    ///
    /// # Errors
    ///
    /// An unreadable file.
    pub fn open(folder: &Path) -> Result<Library, Error> {
        Ok(Library { scripts: scripts(folder)? })
    }
}

/// Whether a file that scripts read may have this name.
#[must_use]
pub fn is_datum(name: &str) -> bool {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"._-".contains(&byte);
    (1..=64).contains(&name.len()) && name.bytes().all(plain) && !name.starts_with('.')
}

/// The files of a folder, if it is there.
fn data(folder: &Path) -> Result<Vec<Datum>, Error> {
    if !folder.is_dir() {
        return Ok(Vec::new());
    }
    let datum = |path: PathBuf| {
        let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        if !is_datum(&name) {
            return Err(Error::DatumName { path });
        }
        Ok(Datum { bytes: files::read(&path)?, name })
    };
    within(folder)?.into_iter().map(datum).collect()
}

/// What is right in a folder, sorted.
fn within(folder: &Path) -> Result<Vec<PathBuf>, Error> {
    let mut paths: Vec<PathBuf> = Vec::new();
    for entry in fs::read_dir(folder).map_err(files::Error::reading(folder))? {
        paths.push(entry.map_err(files::Error::reading(folder))?.path());
    }
    paths.sort();
    Ok(paths)
}

/// The Lua files right in a folder.
fn scripts(folder: &Path) -> Result<Vec<Script>, Error> {
    let mut paths = within(folder)?;
    paths.retain(|path| path.extension() == Some(OsStr::new("lua")));
    let script = |path: PathBuf| {
        let name = path.file_stem().unwrap_or_default().to_string_lossy().into_owned();
        if !is_script(&name) {
            return Err(Error::ScriptName { path });
        }
        let text = files::read(&path)?;
        Ok(Script { name, text })
    };
    paths.into_iter().map(script).collect()
}
