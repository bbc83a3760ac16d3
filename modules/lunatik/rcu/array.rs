// SPDX-License-Identifier: MIT OR GPL-2.0-only
//! The places of a table: replaced by larger ones as it grows.

use core::cell::Cell;
use core::mem::size_of;
use core::ptr;
use core::sync::atomic::AtomicPtr;
use kernel::alloc::{
    flags::{__GFP_NOWARN, GFP_ATOMIC, GFP_KERNEL},
    KBox, KVVec,
};
use kernel::sync::Arc;
use table::Places;

use super::account::{Account, Held};
use super::node::Node;
use super::Refusal;
use crate::reclaim::{self, Head};

/// The places, and, under the table's lock, what its writer must know of them.
#[repr(C)]
pub(super) struct Array {
    head: Head,
    places: KVVec<AtomicPtr<Node>>,
    _held: Held,
    /// How many places have ever been used.
    pub(super) used: Cell<usize>,
    /// How many walks go through it.
    pub(super) walks: Cell<usize>,
    /// The next of those that are walked still but are the table's no more.
    pub(super) older: Cell<*mut Array>,
}

impl Array {
    /// Empty places, a power of two of them.
    pub(super) fn new(length: usize, account: &Arc<Account>, atomic: bool) -> Result<KBox<Array>, Refusal> {
        let bytes = length.saturating_mul(size_of::<AtomicPtr<Node>>()).saturating_add(size_of::<Array>());
        let held = Held::new(account, bytes).ok_or(Refusal::Limit)?;
        let flags = if atomic { GFP_ATOMIC } else { GFP_KERNEL } | __GFP_NOWARN;
        let mut places = KVVec::with_capacity(length, flags).map_err(|_| Refusal::Memory)?;
        for _ in 0..length {
            places.push(AtomicPtr::new(ptr::null_mut()), flags).map_err(|_| Refusal::Memory)?;
        }
        let array = Array {
            head: Head::new(),
            places,
            _held: held,
            used: Cell::new(0),
            walks: Cell::new(0),
            older: Cell::new(ptr::null_mut()),
        };
        KBox::new(array, flags).map_err(|_| Refusal::Memory)
    }

    /// How many places there are.
    pub(super) fn len(&self) -> usize {
        self.places.len()
    }

    /// # Safety
    ///
    /// Entries that it holds stay valid for the lifetime of the view.
    #[inline]
    pub(super) unsafe fn places(&self) -> Places<'_, Node> {
        // SAFETY: By the function's contract.
        unsafe { Places::new(&self.places) }
    }
}

/// Frees the places, not what is in them.
///
/// # Safety
///
/// Nobody uses them any more.
pub(super) unsafe fn free(array: *mut Array) {
    // SAFETY: By the function's contract; the memory is a KBox's.
    drop(unsafe { KBox::from_raw(array) });
}

unsafe fn end(head: *mut Head) {
    // SAFETY: `retire` passes the head of an array, its first field, after a grace period.
    unsafe { free(head.cast()) }
}

/// Frees the places once no reader sees them.
///
/// # Safety
///
/// They are not the table's any more, and nobody walks through them.
pub(super) unsafe fn retire(array: *mut Array) {
    // SAFETY: Nobody can find it any more, and readers that have found it are waited for.
    unsafe { reclaim::after_grace(array.cast(), end) }
}
