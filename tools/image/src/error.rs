// SPDX-License-Identifier: MIT OR GPL-2.0-only
//! Why there is no image. What is behind an error is its source: `{:#}` of anyhow shows both.

use std::io;
use std::path::PathBuf;

/// What can be wrong with a profile, or with the parts of an image.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// A file cannot be read or written, or says something that it must not.
    #[error(transparent)]
    File(#[from] files::Error),
    /// A file is not a key.
    #[error("{}: a signing key is 64 hexadecimal digits, the seed of an Ed25519 key: make one with 'openssl rand -hex 32'", path.display())]
    Key {
        /// The file.
        path: PathBuf,
    },
    /// A file is not a public key.
    #[error("{}: a public key is 32 bytes or 64 hexadecimal digits, as the router's /etc/lunagate/update.key", path.display())]
    PublicKey {
        /// The file.
        path: PathBuf,
    },
    /// A file is no image and no bundle, or a damaged one.
    #[error("{}: {why}", path.display())]
    Stored {
        /// The file.
        path: PathBuf,
        /// What is wrong with it.
        why: String,
    },
    /// A bill of materials is none of ours, or of something else.
    #[error("{}: this bill of materials does not fit: {why}", path.display())]
    Inventory {
        /// The file.
        path: PathBuf,
        /// What is wrong with it.
        why: String,
    },
    /// A part does not begin as its kind does.
    #[error("{}: this is no {kind}", path.display())]
    Kind {
        /// The file.
        path: PathBuf,
        /// What it should be.
        kind: &'static str,
    },
    /// A program is for other processors than the profile's.
    #[error("{}: this is for another architecture than the profile's, {architecture}", path.display())]
    Architecture {
        /// The file.
        path: PathBuf,
        /// The profile's.
        architecture: &'static str,
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
    /// U-Boot is not said how to boot this kind of device.
    #[error("profile '{profile}' says nothing of a FIT: give it a key 'fit', as images/profiles/bananapi-bpi-r3.yaml has it")]
    NoFit {
        /// Its name.
        profile: String,
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
