// SPDX-License-Identifier: MIT OR GPL-2.0-only
//! Why there is no list file. What is behind an error is its source: `{:#}` of anyhow shows both.

use std::path::PathBuf;

/// What can be wrong.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// A file cannot be read or written.
    #[error(transparent)]
    Access(#[from] files::Error),
    /// A file is no list file.
    #[error("{}", path.display())]
    File {
        /// The file.
        path: PathBuf,
        /// Why not.
        source: sets::Error,
    },
    /// A source is none of a category, and no file.
    #[error("'{given}' is no file, and there is no category '{category}': give --category {category}=BIT")]
    Category {
        /// What the caller gave.
        given: String,
        /// What stands before its first `=`.
        category: String,
    },
    /// There are too many different labels.
    #[error("{0} different labels, 65536 at most are possible: use fewer categories")]
    Labels(usize),
    /// The file would be too long.
    #[error("the file would be longer than 64 MiB, which no kernel loads: give fewer members")]
    TooLong,
    /// No hash spreads the names.
    #[error("no hash spreads these names evenly: leave out those that nobody would have")]
    Unlucky,
    /// Nobody said what kind of list this is.
    #[error("there is no domain and no address in the sources: give --kind for an empty list")]
    Nothing,
    /// The caller wants no lines rejected.
    #[error("{0} lines are rejected, and --strict is given: nothing is written")]
    Strict(u64),
}
