// SPDX-License-Identifier: MIT OR GPL-2.0-only
//! Every state that a power cut may leave of a disk, and what the loader makes of it.
//!
//! A [`Log`] is what was written to a disk, and when the disk was told to keep it.  Its
//! [`states`](Log::states) are every prefix of the writes, and between two flushes some
//! random choices of the writes since the first, each whole or torn between sectors; the
//! [`torn`](Log::torn) ones are each write in the midst of it.  A [`Judge`] says of each
//! which version boots, by the loader's own decision, and whether every byte of that
//! version is there.

mod judge;
mod log;
mod states;

pub use judge::{Judge, Verdict};
pub use log::{Error, Event, Log};
pub use states::{Cut, Random};
