// SPDX-License-Identifier: MIT OR GPL-2.0-only
//! The bytes of all queues together: a queue may outlive the script that made it, so no
//! script's limit can count it.

use core::sync::atomic::{AtomicUsize, Ordering};

extern "C" {
    fn luafifo_memory() -> usize;
}

static HELD: AtomicUsize = AtomicUsize::new(0);

/// Bytes that count, while this lives.
pub(crate) struct Quota(usize);

impl Quota {
    /// `None`: the module's parameter `memory` does not allow so many.
    pub(crate) fn new(bytes: usize) -> Option<Quota> {
        // SAFETY: No preconditions.
        let limit = unsafe { luafifo_memory() };
        let sum = |held: usize| held.checked_add(bytes).filter(|sum| *sum <= limit);
        HELD.fetch_update(Ordering::Relaxed, Ordering::Relaxed, sum).ok().map(|_| Quota(bytes))
    }
}

impl Drop for Quota {
    fn drop(&mut self) {
        HELD.fetch_sub(self.0, Ordering::Relaxed);
    }
}
