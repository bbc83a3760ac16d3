// SPDX-License-Identifier: MIT OR GPL-2.0-only
//! What cannot end where it is given up: its end may sleep, or readers may still look at it.
//!
//! It ends in a worker of the kernel's, in process context, on a stack of its own.

use core::cell::{Cell, UnsafeCell};
use core::ffi::c_void;
use core::sync::atomic::{AtomicUsize, Ordering};

extern "C" {
    fn lunatik_end_later(head: *mut c_void);
    fn lunatik_end_after_grace(head: *mut c_void);
    fn lunatik_end_wait();
}

/// How something ends, by the address of its [`Head`].
pub(crate) type End = unsafe fn(*mut Head);

/// The first field of what ends in a worker: a `struct rcu_head`, and what to call.
#[repr(C)]
pub(crate) struct Head {
    links: UnsafeCell<[usize; 2]>,
    end: Cell<Option<End>>,
}

// SAFETY: Used once, by who gives up the last reference.
unsafe impl Send for Head {}
// SAFETY: As above.
unsafe impl Sync for Head {}

impl Head {
    pub(crate) const fn new() -> Head {
        Head { links: UnsafeCell::new([0; 2]), end: Cell::new(None) }
    }
}

/// What has been given up and has not ended.
static PENDING: AtomicUsize = AtomicUsize::new(0);

/// Calls `end` in the worker.
///
/// # Safety
///
/// `head` stays valid until then, nobody else gives it up, and `end` may be called with it.
pub(crate) unsafe fn later(head: *mut Head, end: End) {
    PENDING.fetch_add(1, Ordering::Relaxed);
    // SAFETY: By the function's contract; the worker calls `lunatik_end` with the head.
    unsafe {
        (*head).end.set(Some(end));
        lunatik_end_later(head.cast());
    }
}

/// The same, once every RCU reader of now has finished.
///
/// # Safety
///
/// As [`later`].
pub(crate) unsafe fn after_grace(head: *mut Head, end: End) {
    PENDING.fetch_add(1, Ordering::Relaxed);
    // SAFETY: As in `later`.
    unsafe {
        (*head).end.set(Some(end));
        lunatik_end_after_grace(head.cast());
    }
}

/// See shim.h.
#[no_mangle]
unsafe extern "C" fn lunatik_end(head: *mut c_void) {
    let head = head.cast::<Head>();
    // SAFETY: `later` or `after_grace` was called with it, and this is the one call for that.
    unsafe {
        if let Some(end) = (*head).end.get() {
            end(head);
        }
    }
    PENDING.fetch_sub(1, Ordering::Release);
}

/// Sleeps until what has been given up before, and what that gives up in turn, has ended. While
/// others go on giving up things, it returns after so many `rounds`. For process context.
pub(crate) fn settle(rounds: usize) {
    for _ in 0..rounds {
        if PENDING.load(Ordering::Acquire) == 0 {
            return;
        }
        // SAFETY: No preconditions, but that the caller may sleep; the worker never calls this.
        unsafe { lunatik_end_wait() };
    }
}

/// The same until nothing is left, for when nobody gives up anything new.
pub(crate) fn settle_all() {
    while PENDING.load(Ordering::Acquire) != 0 {
        settle(1);
    }
}
