// SPDX-License-Identifier: MIT OR GPL-2.0-only
//! shim.c's timers, safe.

use core::ffi::{c_uint, c_void};
use core::ptr::NonNull;
use kernel::prelude::*;

extern "C" {
    fn luatimer_new(owner: *mut c_void, cpus: c_uint) -> *mut c_void;
    fn luatimer_start(timer: *mut c_void);
    fn luatimer_stop(timer: *mut c_void);
    fn luatimer_delete(timer: *mut c_void);
    fn luatimer_set(timer: *mut c_void, cpu: c_uint, milliseconds: u64);
    fn luatimer_now() -> u64;
}

/// A timer on each CPU.
///
/// # Invariants
///
/// It comes from `luatimer_new`, with places for `cpus`.
pub(crate) struct Timer {
    timer: NonNull<c_void>,
    cpus: usize,
}

// SAFETY: shim.c locks what CPUs share.
unsafe impl Send for Timer {}
// SAFETY: As above.
unsafe impl Sync for Timer {}

impl Timer {
    /// When it goes off, `luatimer_ring` gets the owner.
    ///
    /// # Safety
    ///
    /// The owner is there until this is dropped, or stopped.
    pub(crate) unsafe fn new(owner: *mut c_void, cpus: usize) -> Result<Timer> {
        // SAFETY: No preconditions but the function's own.
        let timer = NonNull::new(unsafe { luatimer_new(owner, cpus as c_uint) }).ok_or(ENOMEM)?;
        Ok(Timer { timer, cpus })
    }

    /// Begins with what is set. Sleeps.
    pub(crate) fn start(&self) {
        // SAFETY: By the invariants.
        unsafe { luatimer_start(self.timer.as_ptr()) }
    }

    /// Returns when it does not go off any more. Sleeps.
    pub(crate) fn stop(&self) {
        // SAFETY: By the invariants.
        unsafe { luatimer_stop(self.timer.as_ptr()) }
    }

    /// Has it go off on that CPU in so many milliseconds, and not when it was set for before.
    ///
    /// The caller runs there, in the state that is for that CPU, or it has not started yet.
    pub(crate) fn set(&self, cpu: usize, milliseconds: u64) {
        if cpu < self.cpus {
            // SAFETY: By the invariants.
            unsafe { luatimer_set(self.timer.as_ptr(), cpu as c_uint, milliseconds) }
        }
    }
}

impl Drop for Timer {
    fn drop(&mut self) {
        // SAFETY: By the invariants; nobody uses it from here on.
        unsafe { luatimer_delete(self.timer.as_ptr()) }
    }
}

/// Milliseconds since the machine started, without those in which it slept.
pub(crate) fn now() -> u64 {
    // SAFETY: No preconditions.
    unsafe { luatimer_now() }
}
