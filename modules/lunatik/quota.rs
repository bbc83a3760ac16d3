// SPDX-License-Identifier: MIT OR GPL-2.0-only
//! Memory of objects that may outlive the script that made them, so that no script's limit can
//! count it: a module bounds all of its own.

use core::sync::atomic::{AtomicUsize, Ordering};

/// A bound, and what counts towards it.
pub struct Bound {
    held: AtomicUsize,
    limit: fn() -> usize,
}

impl Bound {
    /// `limit` tells the bytes that all may hold together, now.
    pub const fn new(limit: fn() -> usize) -> Bound {
        Bound { held: AtomicUsize::new(0), limit }
    }

    /// Counts bytes. `None` if that is too much.
    pub fn quota(&'static self, bytes: usize) -> Option<Quota> {
        let limit = (self.limit)();
        let sum = |held: usize| held.checked_add(bytes).filter(|sum| *sum <= limit);
        self.held.fetch_update(Ordering::Relaxed, Ordering::Relaxed, sum).ok().map(|_| Quota { bound: self, bytes })
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
