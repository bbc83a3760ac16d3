// SPDX-License-Identifier: MIT OR GPL-2.0-only
//! What an author works on: the folder of a policy, or of the Lua that policies share.

use std::ffi::OsStr;
use std::fs;
use std::path::{Path, PathBuf};
use std::rc::Rc;

use anyhow::{bail, Context, Result};
use policy::{Library, Policy, Script};
use simulator::FileSystem;

/// A folder, read.
pub struct Subject {
    /// Where it is.
    pub folder: PathBuf,
    /// The folder's name, which scripts require its files by: `policies.NAME.FILE`.
    pub name: String,
    /// The policy; none in the library's folder.
    pub policy: Option<Policy>,
    library: Option<Library>,
    /// Where the library is.
    pub library_folder: PathBuf,
}

impl Subject {
    /// Reads a folder. The library is in `library`, or else beside the policy, if there is one.
    ///
    /// # Errors
    ///
    /// It is no policy, or a file cannot be read.
    pub fn open(folder: &Path, library: Option<&Path>) -> Result<Subject> {
        let real = folder.canonicalize().with_context(|| format!("failed to find {}", folder.display()))?;
        let name = real.file_name().unwrap_or_default().to_string_lossy().into_owned();
        if name == "library" && !folder.join("policy.yaml").exists() {
            let library = Some(Library::open(folder)?);
            let library_folder = folder.to_owned();
            return Ok(Subject { folder: folder.to_owned(), name, policy: None, library, library_folder });
        }
        if !folder.join("policy.yaml").exists() {
            bail!("{}: there is no policy.yaml here: give the folder of a policy", folder.display());
        }
        let beside = folder.parent().map_or_else(|| folder.join("../library"), |parent| parent.join("library"));
        let beside = if folder == Path::new(".") { PathBuf::from("../library") } else { beside };
        let library_folder = library.map_or(beside, Path::to_owned);
        let is_there = library.is_some() || library_folder.is_dir();
        let library = is_there.then(|| Library::open(&library_folder)).transpose()?;
        let policy = Some(Policy::open(folder)?);
        Ok(Subject { folder: folder.to_owned(), name, policy, library, library_folder })
    }

    /// The policy.
    ///
    /// # Errors
    ///
    /// This is the library.
    pub fn policy(&self) -> Result<&Policy> {
        self.policy
            .as_ref()
            .with_context(|| format!("{}: this is no policy, but what policies share", self.folder.display()))
    }

    /// The scripts in the folder itself.
    #[must_use]
    pub fn scripts(&self) -> &[Script] {
        match (&self.policy, &self.library) {
            (Some(policy), _) => &policy.scripts,
            (None, Some(library)) => &library.scripts,
            (None, None) => &[],
        }
    }

    /// A script of the library.
    #[must_use]
    pub fn shared(&self, name: &str) -> Option<&Script> {
        self.library.as_ref()?.scripts.iter().find(|script| script.name == name)
    }

    /// Whether `require` finds a file of policies by this name.
    #[must_use]
    pub fn has(&self, module: &str) -> bool {
        match module.strip_prefix("policies.").and_then(|rest| rest.split_once('.')) {
            Some(("library", file)) => self.shared(file).is_some(),
            Some((folder, "parameters")) => folder == self.name,
            Some((folder, file)) => folder == self.name && self.scripts().iter().any(|script| script.name == file),
            None => false,
        }
    }

    /// A router's files, with these scripts installed.
    #[must_use]
    pub fn files(&self) -> Rc<FileSystem> {
        let files = FileSystem::new();
        if let Some(library) = &self.library {
            files.share(library);
        }
        if let Some(policy) = &self.policy {
            files.install(policy);
        }
        Rc::new(files)
    }

    /// The path of a script's chunk: what messages and tracebacks begin with.
    #[must_use]
    pub fn chunk(&self, file: &str) -> String {
        format!("policies/{}/{file}", self.name)
    }

    /// A message of the machine's, with the paths that the author knows.
    #[must_use]
    pub fn localized(&self, message: &str) -> String {
        let own = self.folder.components().collect::<PathBuf>();
        let own = if own == Path::new(".") { String::new() } else { format!("{}/", own.display()) };
        message.replace(&format!("policies/{}/", self.name), &own)
    }

    /// The tests, sorted.
    ///
    /// # Errors
    ///
    /// The folder of tests cannot be read.
    pub fn tests(&self) -> Result<Vec<PathBuf>> {
        let folder = self.folder.join("tests");
        if !folder.is_dir() {
            return Ok(Vec::new());
        }
        let mut paths = Vec::new();
        for entry in fs::read_dir(&folder).with_context(|| format!("failed to read {}", folder.display()))? {
            paths.push(entry.with_context(|| format!("failed to read {}", folder.display()))?.path());
        }
        let is_test =
            |path: &PathBuf| ["lua", "yaml", "yml"].iter().any(|known| path.extension() == Some(OsStr::new(known)));
        paths.retain(is_test);
        paths.sort();
        Ok(paths)
    }
}
