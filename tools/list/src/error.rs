// SPDX-License-Identifier: MIT OR GPL-2.0-only
//! Why there is no list file.

/// What can be wrong.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// There are too many different labels.
    #[error("{0} different labels, 65536 at most are possible: use fewer")]
    Labels(usize),
    /// The file would be too long.
    #[error("the file would be longer than 64 MiB, which no kernel loads: give fewer members")]
    TooLong,
    /// No hash spreads the names.
    #[error("no hash spreads these names evenly: leave out those that nobody would have")]
    Unlucky,
}
