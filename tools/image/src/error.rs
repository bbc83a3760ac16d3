// SPDX-License-Identifier: MIT OR GPL-2.0-only
//! Why there is no image. What is behind an error is its source: `{:#}` of anyhow shows both.

use std::io;
use std::path::PathBuf;

/// What can be wrong with a profile, or with the parts of an image.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// A file cannot be read.
    #[error("cannot read {}", path.display())]
    Read {
        /// The file.
        path: PathBuf,
        /// Why not.
        source: io::Error,
    },
    /// A file cannot be written.
    #[error("cannot write {}", path.display())]
    Write {
        /// The file.
        path: PathBuf,
        /// Why not.
        source: io::Error,
    },
    /// The profile says something that it must not.
    #[error("{}:{line}:{column}: {problem}", path.display())]
    Profile {
        /// The profile.
        path: PathBuf,
        /// Counted from 1.
        line: u64,
        /// In characters, counted from 1.
        column: u64,
        /// What is wrong, and the way out.
        problem: String,
    },
    /// A file is not a key.
    #[error("{}: a signing key is 64 hexadecimal digits, the seed of an Ed25519 key: make one with 'openssl rand -hex 32'", path.display())]
    Key {
        /// The file.
        path: PathBuf,
    },
    /// A part does not begin as its kind does.
    #[error("{}: this is no {kind}", path.display())]
    Kind {
        /// The file.
        path: PathBuf,
        /// What it should be.
        kind: &'static str,
    },
    /// The parts are larger than their place.
    #[error("{what} takes {taken} bytes, {room} are there: {way_out}")]
    Room {
        /// What.
        what: &'static str,
        /// Its bytes.
        taken: u64,
        /// The bytes of its place.
        room: u64,
        /// What to do.
        way_out: &'static str,
    },
    /// The kernel's command line does not fit into a header.
    #[error(
        "the kernel's command line of {0} bytes does not fit into a slot's header: shorten 'parameters' of the profile"
    )]
    CommandLine(usize),
    /// The partition table or the file system of the loader.
    #[error("cannot make {what}")]
    Format {
        /// What.
        what: &'static str,
        /// Why not.
        source: io::Error,
    },
}
