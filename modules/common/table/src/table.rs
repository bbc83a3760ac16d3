// SPDX-License-Identifier: MIT OR GPL-2.0-only
//! A hash table that readers use without a lock while one writer changes it, without a kernel
//! and without memory of its own.
//!
//! [`Places`] is a view of a power of two of atomic pointers, probed linearly. An entry never
//! moves: to remove one leaves a mark that readers pass over, and a crowded table is copied
//! into a new one ([`Places::fill`]), which the writer publishes. What readers may still hold
//! when an entry or a table is replaced is the caller's to keep, with RCU for one.
// The kernel gives this attribute to every crate by itself.
#![cfg_attr(not(MODULE), no_std)]

mod hash;
mod places;

pub use hash::hash;
pub use places::{room_for, Entry, Places, Spot};
