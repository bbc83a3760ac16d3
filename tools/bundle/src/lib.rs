// SPDX-License-Identifier: MIT OR GPL-2.0-only
//! What a slot holds: signed, as it stands on a disk or is carried to one.
//!
//! A slot's *body* is a root file system, its [`verity`] tree and a kernel.  Its *manifest*
//! is its signed header: the kind of device, the version, sizes and hashes of the body.  A
//! *bundle* is the manifest and then the body, so that whoever receives it knows from its
//! first block what is coming, checks it as it comes, and puts the very block that carried
//! the manifest into the slot when everything else is there.

mod manifest;
mod problem;
mod table;
pub mod verity;

pub use manifest::{Manifest, Product};
pub use problem::Problem;
pub use table::Table;
