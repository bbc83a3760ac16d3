// SPDX-License-Identifier: MIT OR GPL-2.0-only
//! What can be wrong with a file. What is behind an error is its source: `{:#}` of anyhow shows both.

use std::path::{Path, PathBuf};
use std::{fs, io};

use crate::Problem;

/// Why a file is of no use.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// A file or folder cannot be read.
    #[error("cannot read {}", path.display())]
    Read {
        /// The file or folder.
        path: PathBuf,
        /// Why not.
        source: io::Error,
    },
    /// A file or folder cannot be written.
    #[error("cannot write {}", path.display())]
    Write {
        /// The file or folder.
        path: PathBuf,
        /// Why not.
        source: io::Error,
    },
    /// A file says something that it must not.
    #[error("{}:{problem}", path.display())]
    Says {
        /// The file.
        path: PathBuf,
        /// What, and where.
        problem: Problem,
    },
}

impl Error {
    /// For `map_err`: `path` cannot be read.
    pub fn reading(path: &Path) -> impl FnOnce(io::Error) -> Error {
        let path = path.to_owned();
        move |source| Error::Read { path, source }
    }

    /// For `map_err`: `path` cannot be written.
    pub fn writing(path: &Path) -> impl FnOnce(io::Error) -> Error {
        let path = path.to_owned();
        move |source| Error::Write { path, source }
    }

    /// For `map_err`: `path` says something that it must not.
    pub fn says(path: &Path) -> impl FnOnce(Problem) -> Error {
        let path = path.to_owned();
        move |problem| Error::Says { path, problem }
    }
}

/// A file's bytes.
///
/// # Errors
///
/// [`Error::Read`].
pub fn read(path: &Path) -> Result<Vec<u8>, Error> {
    fs::read(path).map_err(Error::reading(path))
}

/// A file's text.
///
/// # Errors
///
/// [`Error::Read`], also for what is no UTF-8.
pub fn read_text(path: &Path) -> Result<String, Error> {
    fs::read_to_string(path).map_err(Error::reading(path))
}
