// SPDX-License-Identifier: MIT OR GPL-2.0-only
//! The disk of a router, built from its parts.
//!
//! A [`Profile`] (YAML) describes a kind of device: partition sizes, the budget of what is
//! flashed, the kernel's parameters.  Its [`Parts`] are a root file system, a kernel, a
//! loader and a [`Key`].  From these [`Slot`] makes what slot A holds: the root, its
//! [`verity`] tree, the kernel and a signed header; and [`disk::write`] makes the GPT disk
//! around it, whose layout the crate `layout` fixes for loader and updater, too.  Equal
//! parts make equal disks, bit for bit.

pub mod cli;
pub mod disk;
mod error;
mod esp;
mod key;
mod parts;
mod profile;
mod raw;
mod report;
mod size;
mod slot;
pub mod verity;

pub use error::Error;
pub use key::Key;
pub use parts::Parts;
pub use profile::{Architecture, Partitions, Profile};
pub use report::report;
pub use slot::Slot;
