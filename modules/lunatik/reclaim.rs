// SPDX-License-Identifier: MIT OR GPL-2.0-only
//! What cannot end where it is given up: its end may sleep, or readers may still look at it.
//!
//! It ends in a worker of the kernel's, in process context, on a stack of its own.

use core::cell::{Cell, UnsafeCell};
use core::ffi::c_void;
use core::sync::atomic::{AtomicUsize, Ordering};

use crate::sys;

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

/// How many things have been given up, and how many of these have ended. Both wrap.
static GIVEN: AtomicUsize = AtomicUsize::new(0);
static ENDED: AtomicUsize = AtomicUsize::new(0);

/// Calls `end` in the worker.
///
/// # Safety
///
/// `head` stays valid until then, nobody else gives it up, and `end` may be called with it.
pub(crate) unsafe fn later(head: *mut Head, end: End) {
    GIVEN.fetch_add(1, Ordering::Relaxed);
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
    GIVEN.fetch_add(1, Ordering::Relaxed);
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
    ENDED.fetch_add(1, Ordering::Release);
}

/// Whether as much has ended as had been given up when `given` was counted.
fn ended(given: usize) -> bool {
    // Behind by a whole turn of the counters is never the case.
    given.wrapping_sub(ENDED.load(Ordering::Acquire)) as isize <= 0
}

/// Sleeps until what has been given up before has ended, and what that gave up in turn, for so
/// many `rounds`; but no longer than so many `naps` of a few milliseconds, and not when the task
/// is killed. The worker itself must not call this, nor who holds what the worker may wait for:
/// the bound only keeps such a mistake short.
pub(crate) fn settle(rounds: usize, mut naps: usize) {
    for _ in 0..rounds {
        let given = GIVEN.load(Ordering::Acquire);
        while !ended(given) {
            if naps == 0 || sys::killed() {
                return;
            }
            naps -= 1;
            sys::nap();
        }
        if GIVEN.load(Ordering::Acquire) == given {
            return;
        }
    }
}

/// Sleeps until nothing is left and the worker is idle, for when nobody gives up anything new.
pub(crate) fn settle_all() {
    loop {
        // Also without anything left: the worker may be in its last steps.
        // SAFETY: No preconditions, but that the caller may sleep; the worker never calls this.
        unsafe { lunatik_end_wait() };
        if ended(GIVEN.load(Ordering::Acquire)) {
            return;
        }
    }
}
