// SPDX-License-Identifier: MIT OR GPL-2.0-only
//! Power that is cut.
//!
//! A [`Recording`] is a router whose disk notes each write and each flush while a test has it do something.  What was
//! [`Recorded`] has every state that a cut may have left of the disk: a test judges them all, of which [`Data`] has the
//! owner's files, and boots some. How many that are is a [`Sweep`].

mod data;
mod recording;
mod sweep;

pub use data::{others, Data, Files};
pub use recording::{partition, Recorded, Recording, States};
pub use sweep::Sweep;
