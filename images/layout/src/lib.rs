// SPDX-License-Identifier: MIT OR GPL-2.0-only
//! The disk of a router, as the image builder, the loader and the updater see it.
//!
//! A GPT disk has five partitions: the EFI system partition with our loader alone, the
//! boot control partition with two copies of a [`Record`], two slots, and the data.  A
//! *slot* is a root file system, its verity tree, a kernel, and in its last block a
//! signed [`Header`], written last: a slot without a valid header does not exist.
#![no_std]

mod decide;
mod header;
mod record;

pub use decide::{decide, Decision, Whole};
pub use header::{Header, HEADER_LEN, LONGEST_NAME, MAGIC, SIGNED_LEN};
pub use record::{newest, Record, SlotState, COPY_STRIDE, RECORD_LEN};

/// Partition names, in the order of their numbers.
pub const PARTITIONS: [&str; 5] = ["esp", "bootctl", "slot_a", "slot_b", "data"];
/// The partition with the two records.
pub const BOOTCTL: &str = PARTITIONS[1];
/// The slots, by their index in a record.
pub const SLOTS: [&str; 2] = [PARTITIONS[2], PARTITIONS[3]];
/// Their letters, for people and for command lines.
pub const LETTERS: [&str; 2] = ["a", "b"];
/// In a header's command line this stands for the letter of the slot it is read from.
pub const SLOT_LETTER: char = '@';
