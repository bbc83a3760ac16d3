// SPDX-License-Identifier: MIT OR GPL-2.0-only
//! What can be wrong with a policy. What is behind an error is its source: `{:#}` of anyhow shows both.

use std::path::PathBuf;

/// Why a folder is no policy, or cannot be rendered.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// A file cannot be read or written, or says something that it must not.
    #[error(transparent)]
    File(#[from] files::Error),
    /// A data file whose name is none that a package can have.
    #[error("{}: a data file has up to 64 letters, digits, '.', '_' and '-', and does not begin with a dot: rename it", path.display())]
    DatumName {
        /// The file.
        path: PathBuf,
    },
    /// A file has a name that `require` cannot say.
    #[error("{}: scripts cannot require this name: rename it to letters, digits, _ and - before .lua", path.display())]
    ScriptName {
        /// The file.
        path: PathBuf,
    },
    /// A file is where the manifest's parameters go.
    #[error("{}: this file is made from the manifest: move its contents to 'parameters' there", path.display())]
    ParametersTaken {
        /// The file.
        path: PathBuf,
    },
    /// Two policies have one name.
    #[error("policy '{name}' is given twice: name each folder once")]
    Twice {
        /// The name.
        name: String,
    },
    /// Earlier policies would stay beside the new.
    #[error("{} exists: give a new folder, so that no policy of before stays in it", path.display())]
    OutputTaken {
        /// Where the policies would go.
        path: PathBuf,
    },
}
