// SPDX-License-Identifier: MIT OR GPL-2.0-only
//! Memory of objects that several runtimes hold: nobody's own, so all of it has one limit.

use core::sync::atomic::{AtomicUsize, Ordering};

use crate::sys;

/// Bytes that live charges count.
static TOTAL: AtomicUsize = AtomicUsize::new(0);

/// Memory that counts towards the limit of all shared objects (the module parameter
/// `shared_memory`), while this lives. Good in every context.
pub struct SharedCharge {
    bytes: usize,
}

impl SharedCharge {
    /// Counts `bytes`, if the limit allows.
    #[must_use]
    pub fn new(bytes: usize) -> Option<SharedCharge> {
        let limit = usize::try_from(sys::limits().shared_memory).unwrap_or(usize::MAX);
        add(&TOTAL, bytes, limit).then(|| SharedCharge { bytes })
    }

    /// How many bytes.
    #[must_use]
    pub fn bytes(&self) -> usize {
        self.bytes
    }
}

impl Drop for SharedCharge {
    fn drop(&mut self) {
        TOTAL.fetch_sub(self.bytes, Ordering::Relaxed);
    }
}

/// Adds without going over the limit.
pub(crate) fn add(counter: &AtomicUsize, bytes: usize, limit: usize) -> bool {
    let more = |now: usize| now.checked_add(bytes).filter(|now| *now <= limit);
    counter.fetch_update(Ordering::Relaxed, Ordering::Relaxed, more).is_ok()
}
