// SPDX-License-Identifier: MIT OR GPL-2.0-only
//! Bounds on what all objects of a module hold together.

use std::sync::atomic::{AtomicUsize, Ordering};

/// A bound, and what counts towards it.
pub struct Bound {
    held: AtomicUsize,
    limit: fn() -> usize,
}

impl Bound {
    /// `limit` tells the bytes that all may hold together.
    #[must_use]
    pub const fn new(limit: fn() -> usize) -> Bound {
        Bound { held: AtomicUsize::new(0), limit }
    }

    /// Counts bytes. `None` if that is too much.
    pub fn quota(&'static self, bytes: usize) -> Option<Quota> {
        let quota = Quota { bound: self, bytes };
        let before = self.held.fetch_add(bytes, Ordering::Relaxed);
        (before.saturating_add(bytes) <= (self.limit)()).then_some(quota)
    }
}

/// Bytes that count, while this lives.
pub struct Quota {
    bound: &'static Bound,
    bytes: usize,
}

impl Drop for Quota {
    fn drop(&mut self) {
        self.bound.held.fetch_sub(self.bytes, Ordering::Relaxed);
    }
}
