// SPDX-License-Identifier: MIT OR GPL-2.0-only
//! Hash tables of what eBPF programs can call now: read under RCU, without a lock.

use core::marker::PhantomData;
use core::ptr;
use core::sync::atomic::{AtomicPtr, Ordering};

use crate::attached::Attached;

/// Chains of a table; a power of two.
const CHAINS: usize = 64;

/// How the entries of a table are placed.
pub(crate) trait Order {
    /// What decides about an entry's chain.
    fn place(attached: &Attached) -> u64;
    /// The next entry of its chain.
    fn next(attached: &Attached) -> &AtomicPtr<Attached>;
}

/// A table in that order.
pub(crate) struct Table<O> {
    heads: [AtomicPtr<Attached>; CHAINS],
    _order: PhantomData<O>,
}

impl<O: Order> Table<O> {
    pub(crate) const fn new() -> Self {
        Table { heads: [const { AtomicPtr::new(ptr::null_mut()) }; CHAINS], _order: PhantomData }
    }

    #[inline]
    fn head(&self, place: u64) -> &AtomicPtr<Attached> {
        // The remainder is below the length.
        &self.heads[place as usize % CHAINS]
    }

    /// The newest entry of the place's chain that `is` likes.
    ///
    /// # Safety
    ///
    /// In an RCU read-side critical section, after which the result is not used.
    #[inline]
    pub(crate) unsafe fn find<'a>(&self, place: u64, is: impl Fn(&Attached) -> bool) -> Option<&'a Attached> {
        let mut at = self.head(place).load(Ordering::Acquire);
        // SAFETY: An entry is freed only after `remove` and a grace period.
        while let Some(attached) = unsafe { at.as_ref() } {
            if is(attached) {
                return Some(attached);
            }
            at = O::next(attached).load(Ordering::Acquire);
        }
        None
    }

    /// Puts an entry first in its chain.
    ///
    /// # Safety
    ///
    /// One task at a time writes; the entry is in no chain of this table, and is freed only after
    /// [`Table::remove`] and a grace period.
    pub(crate) unsafe fn insert(&self, attached: &Attached) {
        let head = self.head(O::place(attached));
        O::next(attached).store(head.load(Ordering::Relaxed), Ordering::Relaxed);
        head.store(ptr::from_ref(attached).cast_mut(), Ordering::Release);
    }

    /// Takes an entry out, if it is in; readers may be at it until a grace period is over.
    ///
    /// # Safety
    ///
    /// One task at a time writes.
    pub(crate) unsafe fn remove(&self, attached: &Attached) {
        let mut link = self.head(O::place(attached));
        // SAFETY: What is in a chain is there.
        while let Some(at) = unsafe { link.load(Ordering::Relaxed).as_ref() } {
            if ptr::eq(at, attached) {
                link.store(O::next(at).load(Ordering::Relaxed), Ordering::Release);
                return;
            }
            link = O::next(at);
        }
    }
}
