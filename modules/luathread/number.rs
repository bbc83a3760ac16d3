// SPDX-License-Identifier: MIT OR GPL-2.0-only
//! Numbers of threads that live: there are not many, and a state keeps one thread under each.

use core::sync::atomic::{AtomicU64, Ordering};

/// A bit for each that is taken.
static TAKEN: AtomicU64 = AtomicU64::new(0);

/// So many threads live at once, at most.
pub(crate) const MOST: u32 = u64::BITS;

/// A number that no other thread has, while this lives.
pub(crate) struct Number(u32);

impl Number {
    /// The lowest that is free, if one is.
    pub(crate) fn new() -> Option<Number> {
        let lowest = |taken: u64| taken.checked_add(1).map(|next| taken | next);
        let taken = TAKEN.fetch_update(Ordering::Relaxed, Ordering::Relaxed, lowest).ok()?;
        Some(Number(taken.trailing_ones()))
    }

    /// It, from 1.
    pub(crate) fn get(&self) -> i64 {
        i64::from(self.0) + 1
    }
}

impl Drop for Number {
    fn drop(&mut self) {
        TAKEN.fetch_and(!(1 << self.0), Ordering::Relaxed);
    }
}
