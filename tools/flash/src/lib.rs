// SPDX-License-Identifier: MIT OR GPL-2.0-only
//! `lunagate image flash`: an image goes onto a disk.
//!
//! A [`Disk`] is what the kernel says of a block device: how large it is, what is on it, and who uses it. One that is in
//! use, or part of another, is refused; of another its owner is asked. Then [`copy`] writes the image, and [`compare`] reads it back
//! from the disk.

mod copy;
mod disk;
mod error;
mod flash;

pub use copy::{compare, copy};
pub use disk::{Disk, Partition};
pub use error::Error;
pub use flash::Flash;
