// SPDX-License-Identifier: MIT OR GPL-2.0-only
//! shim.c's families, safe.

use core::ffi::{c_int, c_void};
use core::ptr::{self, NonNull};

extern "C" {
    fn luanetlink_new(name: *const c_void, length: usize, made: *mut *mut c_void) -> c_int;
    fn luanetlink_release(family: *mut c_void);
    fn luanetlink_settle();
    fn luanetlink_send(
        family: *mut c_void,
        port: u32,
        command: u8,
        payload: *const c_void,
        length: usize,
        atomic: bool,
    ) -> c_int;
}

/// A negative errno.
pub(crate) type Errno = c_int;
pub(crate) type Result<T = ()> = core::result::Result<T, Errno>;

/// A family of generic netlink, which is taken off some time after this is dropped, wherever that is.
///
/// # Invariants
///
/// It comes from `luanetlink_new`, and is released once.
pub(crate) struct Family(NonNull<c_void>);

// SAFETY: What is in it does not change, and the kernel's functions that get it lock what they share.
unsafe impl Send for Family {}
// SAFETY: As above.
unsafe impl Sync for Family {}

impl Drop for Family {
    fn drop(&mut self) {
        // SAFETY: By the invariants; nobody uses it from here on.
        unsafe { luanetlink_release(self.0.as_ptr()) }
    }
}

/// Sleeps until all that were dropped are taken off.
pub(crate) fn settle() {
    // SAFETY: No preconditions, but that the caller may sleep.
    unsafe { luanetlink_settle() }
}

impl Family {
    /// For where sleeping is allowed. EINVAL says that no family can have the name, ENOSPC that there are too many.
    pub(crate) fn new(name: &[u8]) -> Result<Family> {
        const ENOMEM: c_int = 12;
        let mut made = ptr::null_mut();
        // SAFETY: Pointer and length are those of a slice; the place outlives the call.
        match unsafe { luanetlink_new(name.as_ptr().cast(), name.len(), &mut made) } {
            0 => NonNull::new(made).map(Family).ok_or(-ENOMEM),
            error => Err(error),
        }
    }

    /// Sends to a port, or to the group if that is 0; whether anybody gets it.
    pub(crate) fn send(&self, port: u32, command: u8, payload: &[u8], atomic: bool) -> Result<bool> {
        let (bytes, length) = (payload.as_ptr().cast(), payload.len());
        // SAFETY: By the invariants; pointer and length are those of a slice, which is copied.
        match unsafe { luanetlink_send(self.0.as_ptr(), port, command, bytes, length, atomic) } {
            error @ ..=-1 => Err(error),
            sent => Ok(sent != 0),
        }
    }
}
