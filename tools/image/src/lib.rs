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
//!
//! What a profile says of drivers, policies and packages is its [`Selection`], by which the root file system is made.
//!
//! Of a profile of a board with U-Boot, [`Fit`] makes the source of an image that U-Boot boots from memory.
//!
//! [`Stored`] reads images and bundles back; what they are made of is an [`Inventory`] that each carries.

pub mod cli;
mod digest;
pub mod disk;
mod error;
mod esp;
mod fit;
pub mod inspect;
mod inventory;
mod key;
pub mod list;
mod parts;
mod profile;
mod raw;
mod release;
mod report;
mod selection;
mod size;
mod slot;
mod stored;

pub use digest::{digits, sha256};
pub use error::Error;
pub use fit::{Configuration, Fit};
pub use inspect::{Inspection, State};
pub use inventory::{Component, Inventory, Part};
pub use key::{Key, PublicKey};
pub use parts::{loader, Parts};
pub use profile::{Architecture, Partitions, Profile};
pub use release::Release;
pub use report::report;
pub use selection::{Selected, Selection, System};
pub use slot::Slot;
pub use stored::{Contents, Disk, Partition, Stored};
