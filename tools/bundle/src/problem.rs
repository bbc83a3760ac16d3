// SPDX-License-Identifier: MIT OR GPL-2.0-only
//! Why a bundle, or a slot, is not to be believed.

use std::io;

/// What is wrong with a bundle or a slot.
#[derive(Debug, thiserror::Error)]
pub enum Problem {
    /// It does not begin as one.
    #[error("it has no manifest")]
    NoManifest,
    /// The manifest is not signed by the key.
    #[error("the signature of the manifest is not that of the key that this router trusts")]
    Signature,
    /// It is signed, and says what cannot be.
    #[error("the manifest contradicts itself: {0}")]
    Manifest(&'static str),
    /// It ends early.
    #[error("it ends within {0}")]
    Short(&'static str),
    /// It does not end where it should.
    #[error("it goes on after its kernel")]
    Long,
    /// A part is not what the manifest says.
    #[error("{0} is not the one of the manifest")]
    Changed(&'static str),
    /// It cannot be read.
    #[error("cannot read {part}")]
    Read {
        /// What was being read.
        part: &'static str,
        /// Why not.
        source: io::Error,
    },
    /// It cannot be put where it is to go.
    #[error("cannot write {part}")]
    Write {
        /// What was being written.
        part: &'static str,
        /// Why not.
        source: io::Error,
    },
}
