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
        Ok(Policy { manifest, text, scripts })
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

/// The Lua files right in a folder.
fn scripts(folder: &Path) -> Result<Vec<Script>, Error> {
    let mut paths: Vec<PathBuf> = Vec::new();
    for entry in fs::read_dir(folder).map_err(files::Error::reading(folder))? {
        paths.push(entry.map_err(files::Error::reading(folder))?.path());
    }
    paths.retain(|path| path.extension() == Some(OsStr::new("lua")));
    paths.sort();
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
