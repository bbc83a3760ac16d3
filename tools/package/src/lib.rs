// SPDX-License-Identifier: MIT OR GPL-2.0-only
//! A policy as one file, and whose signature it has.
//!
//! A [`Package`] has all that a router needs of a policy: its manifest, its scripts, its data, and the scripts of the
//! library that it uses, so that what it does never depends on the image that it comes to. Its bytes are a tar archive that
//! follows from its contents alone. Beside it is a signature in the format of minisign; [`Keys`] are those whose
//! signatures count.

mod archive;
mod contents;
mod error;
mod signature;

pub use contents::Package;
pub use error::Error;
pub use signature::{signature_of, Keys};
