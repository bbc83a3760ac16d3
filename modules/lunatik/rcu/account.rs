// SPDX-License-Identifier: MIT OR GPL-2.0-only
//! What a table holds: entries, room for entries, and of both what readers may still see.

use core::sync::atomic::{AtomicUsize, Ordering};
use kernel::sync::Arc;

use crate::{sys, Bound, Quota};

/// The bytes of all tables.
static TABLES: Bound = Bound::new(|| usize::try_from(sys::limits().shared_memory).unwrap_or(usize::MAX));

/// A table's count of bytes. It outlives the table, whose memory goes a grace period later.
pub(super) struct Account {
    bytes: AtomicUsize,
    /// None for a table of lunatik's own, which counts towards nothing.
    limit: Option<usize>,
}

impl Account {
    pub(super) fn new(limit: Option<usize>) -> Account {
        Account { bytes: AtomicUsize::new(0), limit }
    }
}

/// Bytes that count towards a table's limit and that of all tables, while this lives.
pub(super) struct Held {
    account: Arc<Account>,
    bytes: usize,
    _quota: Option<Quota>,
}

impl Held {
    /// Counts `bytes`, if both limits allow.
    pub(super) fn new(account: &Arc<Account>, bytes: usize) -> Option<Held> {
        let Some(limit) = account.limit else {
            return Some(Held { account: account.clone(), bytes: 0, _quota: None });
        };
        let quota = Some(TABLES.quota(bytes)?);
        let sum = |held: usize| held.checked_add(bytes).filter(|sum| *sum <= limit);
        account.bytes.fetch_update(Ordering::Relaxed, Ordering::Relaxed, sum).ok()?;
        Some(Held { account: account.clone(), bytes, _quota: quota })
    }
}

impl Drop for Held {
    fn drop(&mut self) {
        self.account.bytes.fetch_sub(self.bytes, Ordering::Relaxed);
    }
}
