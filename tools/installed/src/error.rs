// SPDX-License-Identifier: MIT OR GPL-2.0-only
//! What can be wrong with what is installed. What is behind an error is its source: `{:#}` of anyhow shows both.

use std::path::PathBuf;

/// Why a router's policies do not change.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// A file cannot be read or written.
    #[error(transparent)]
    File(#[from] files::Error),
    /// The package is of no use, or of nobody who is trusted.
    #[error(transparent)]
    Package(#[from] package::Error),
    /// The configuration does not take it.
    #[error(transparent)]
    Config(#[from] config::Error),
    /// Two packages have one version.
    #[error("policy {name} has another version {version} already: give this one a version of its own in policy.yaml")]
    Taken {
        /// The policy.
        name: String,
        /// The version.
        version: String,
    },
    /// The owner's file is ahead of what runs.
    #[error(
        "{} has changes that nobody confirmed: `lunagate config apply` and `config confirm` them first, or take them out",
        file.display()
    )]
    Pending {
        /// The file.
        file: PathBuf,
    },
    /// There is no version to go back to.
    #[error("policy {name} had no other version before: `lunagate policy list` shows those that are here")]
    NoneBefore {
        /// The policy.
        name: String,
    },
    /// It is the image's.
    #[error("policy {name} is not installed: what the image has is turned off (`lunagate policy disable`)")]
    NotInstalled {
        /// The policy.
        name: String,
    },
    /// Something else than a setting.
    #[error("'{text}' sets nothing: give a parameter's name, = and its value, as port=23")]
    NoAssignment {
        /// What was said.
        text: String,
    },
    /// A value that none is.
    #[error("the value of '{text}' is none: {problem}")]
    NoValue {
        /// What was said.
        text: String,
        /// What is wrong.
        problem: String,
    },
}
