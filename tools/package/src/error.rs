// SPDX-License-Identifier: MIT OR GPL-2.0-only
//! What can be wrong with a package. What is behind an error is its source: `{:#}` of anyhow shows both.

use std::path::PathBuf;

/// Why a package is of no use.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// A file cannot be read or written, or says something that it must not.
    #[error(transparent)]
    File(#[from] files::Error),
    /// The folder has no version.
    #[error("{}: policy.yaml has no version: add a line, as 'version: 1.0.0'", policy)]
    NoVersion {
        /// The policy's name.
        policy: String,
    },
    /// The bytes are no package.
    #[error("{}: this is no package of a policy ({why}): make it with `lunagate policy pack`", path.display())]
    NoPackage {
        /// The file.
        path: PathBuf,
        /// What is wrong with it.
        why: String,
    },
    /// Nobody has signed it.
    #[error(
        "{}: it is not signed, for there is no {}.minisig: get that file, too, or sign it (`lunagate policy sign`)",
        path.display(), path.display()
    )]
    Unsigned {
        /// The package.
        path: PathBuf,
    },
    /// What is beside it is no signature.
    #[error("{}: its signature is none in minisign's format: get the .minisig file again", path.display())]
    NoSignature {
        /// The package.
        path: PathBuf,
    },
    /// Nobody who is trusted has signed it.
    #[error(
        "{}: it is signed with a key that is not trusted here ({trusted}): give its signer's public key (`--key` on the \
         host, `lunagate policy trust` for a router)", path.display()
    )]
    Stranger {
        /// The package.
        path: PathBuf,
        /// How many keys are.
        trusted: String,
    },
    /// It is not what was signed.
    #[error("{}: it is not what was signed with the key {key}, but changed or cut short: get it again", path.display())]
    Changed {
        /// The package.
        path: PathBuf,
        /// The key.
        key: String,
    },
    /// A text is no key.
    #[error("{origin}: this is no public key of minisign's, whose last line has 56 letters and begins with RW")]
    NoKey {
        /// Where it is from.
        origin: String,
    },
}
