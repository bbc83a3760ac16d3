// SPDX-License-Identifier: MIT OR GPL-2.0-only
//! The policies that a router has beside those of its image.
//!
//! A package that somebody trusted has signed ([`Trust`]) is unpacked into a folder of its own ([`Versions`]), which never
//! changes after that. Which version of a policy runs, whether it does, and with which parameters is said in one place,
//! the router's configuration: to install a package is to edit that, and what the crate `config` does for every edit, the
//! trial, the way back, the history, the boot, it does for this one, too ([`Installer`]).

pub mod cli;
mod error;
mod installer;
mod list;
mod trust;
mod versions;

pub use error::Error;
pub use installer::{Installer, Timing};
pub use list::Entry;
pub use trust::Trust;
pub use versions::Versions;
