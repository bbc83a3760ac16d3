// SPDX-License-Identifier: MIT OR GPL-2.0-only
//! What a table holds: entries, room for entries, and of both what readers may still see.

use core::sync::atomic::{AtomicUsize, Ordering};
use kernel::sync::Arc;

use crate::shared_charge::{self, SharedCharge};

/// A table's count of bytes. It outlives the table, whose memory goes a grace period later.
pub(super) struct Account {
    bytes: AtomicUsize,
    limit: usize,
}

impl Account {
    pub(super) fn new(limit: usize) -> Account {
        Account { bytes: AtomicUsize::new(0), limit }
    }
}

/// Bytes that count towards a table's limit and that of all shared objects, while this lives.
pub(super) struct Held {
    account: Arc<Account>,
    charge: SharedCharge,
}

impl Held {
    /// Counts `bytes`, if both limits allow.
    pub(super) fn new(account: &Arc<Account>, bytes: usize) -> Option<Held> {
        let charge = SharedCharge::new(bytes)?;
        shared_charge::add(&account.bytes, bytes, account.limit).then(|| Held { account: account.clone(), charge })
    }
}

impl Drop for Held {
    fn drop(&mut self) {
        self.account.bytes.fetch_sub(self.charge.bytes(), Ordering::Relaxed);
    }
}
