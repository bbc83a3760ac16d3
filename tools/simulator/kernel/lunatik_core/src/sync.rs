// SPDX-License-Identifier: MIT OR GPL-2.0-only
//! Locks, and readers without one.

use std::ops::{Deref, DerefMut};
use std::sync::{Mutex, MutexGuard, PoisonError, RwLock, RwLockReadGuard};

static READERS: RwLock<()> = RwLock::new(());

/// What is read under RCU is there as long as this.
pub struct ReadSide(#[expect(dead_code, reason = "it is for its drop")] RwLockReadGuard<'static, ()>);

/// Begins a read-side critical section.
#[must_use]
pub fn rcu_read_lock() -> ReadSide {
    ReadSide(READERS.read().unwrap_or_else(PoisonError::into_inner))
}

/// Returns when every read-side critical section that had begun is over.
pub fn synchronize_rcu() {
    drop(READERS.write());
}

/// A value that one has at a time.
pub struct SpinLock<T>(Mutex<T>);

/// The same, in a static.
pub type Global<T> = SpinLock<T>;

impl<T> SpinLock<T> {
    /// Nobody has it yet.
    pub const fn new(value: T) -> SpinLock<T> {
        SpinLock(Mutex::new(value))
    }

    /// Waits for it.
    pub fn lock(&self) -> Guard<'_, T> {
        Guard(self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

/// The value, while this lives.
pub struct Guard<'a, T>(MutexGuard<'a, T>);

impl<T> Deref for Guard<'_, T> {
    type Target = T;
    fn deref(&self) -> &T {
        &self.0
    }
}

impl<T> DerefMut for Guard<'_, T> {
    fn deref_mut(&mut self) -> &mut T {
        &mut self.0
    }
}
