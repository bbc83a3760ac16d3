// SPDX-License-Identifier: MIT OR GPL-2.0-only
//! The disk of a router, built from its parts.
//!
//! A [`Profile`] (YAML) describes a kind of device: partition sizes, the budget of what is
//! flashed, the kernel's parameters.  Its [`Parts`] are a root file system, a kernel and a
//! [`Key`], and a [`Release`] says which version they make.  From these [`Slot`] makes what
//! slot A holds: the root, its verity tree, the kernel and a signed header.  A bundle
//! carries that to a router; and [`disk::write`] makes the GPT disk around it, with a
//! loader, whose layout the crate `layout` fixes for loader and updater, too.  Equal parts
//! make equal files, bit for bit.

pub mod cli;
pub mod disk;
mod error;
mod esp;
mod key;
mod parts;
mod profile;
mod raw;
mod release;
mod report;
mod size;
mod slot;

pub use error::Error;
pub use key::Key;
pub use parts::{loader, Parts};
pub use profile::{Architecture, Partitions, Profile};
pub use release::Release;
pub use report::report;
pub use slot::Slot;
