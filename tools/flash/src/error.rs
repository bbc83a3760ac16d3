// SPDX-License-Identifier: MIT OR GPL-2.0-only
//! Why an image is not written. What is behind an error is its source: `{:#}` of anyhow shows both.

use std::io;
use std::path::PathBuf;

/// What can be wrong with a disk, or an image.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// A file cannot be read.
    #[error(transparent)]
    File(#[from] files::Error),
    /// A file is no image.
    #[error("{}: this is no disk image: give the .img of the image build", path.display())]
    NoImage {
        /// The file.
        path: PathBuf,
    },
    /// A device is none, or not a whole one.
    #[error("{}: {why}", path.display())]
    NoDisk {
        /// The device.
        path: PathBuf,
        /// Why it is none.
        why: String,
    },
    /// Somebody uses the disk.
    #[error("{} is in use ({}): a disk that is written must not be", path.display(), by.join(", "))]
    InUse {
        /// The device.
        path: PathBuf,
        /// By what.
        by: Vec<String>,
    },
    /// The image is larger than the disk.
    #[error("{} has {there} bytes, the image {wanted}", path.display())]
    Small {
        /// The device.
        path: PathBuf,
        /// Its bytes.
        there: u64,
        /// The image's.
        wanted: u64,
    },
    /// Reading or writing failed.
    #[error("{what} failed at byte {offset}")]
    Transfer {
        /// What was done.
        what: &'static str,
        /// Where.
        offset: u64,
        /// Why.
        source: io::Error,
    },
    /// The disk does not have what was written.
    #[error("the disk has other bytes from {offset} on than were written: it is broken, or smaller than it says; do not use it")]
    Differs {
        /// The first byte.
        offset: u64,
    },
}
