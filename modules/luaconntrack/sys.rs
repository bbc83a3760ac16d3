// SPDX-License-Identifier: MIT OR GPL-2.0-only
//! shim.c's functions, safe.

use core::ffi::c_void;
use core::ptr::NonNull;
use luaskb_main::{Connection, Tuple};

extern "C" {
    fn luaconntrack_namespace() -> *mut c_void;
    fn luaconntrack_leave(net: *mut c_void);
    fn luaconntrack_find(net: *mut c_void, tuple: *const Tuple, zone: u16) -> *mut c_void;
    fn luaconntrack_put(flow: *mut c_void);
}

/// A network namespace.
///
/// # Invariants
///
/// It is held once for this.
pub(crate) struct Namespace(NonNull<c_void>);

// SAFETY: The kernel's functions that get it lock what they share.
unsafe impl Send for Namespace {}
// SAFETY: As above.
unsafe impl Sync for Namespace {}

impl Namespace {
    /// The one of the task, which runs this: not for hooks. `None` never is: every task has one.
    pub(crate) fn of_task() -> Option<Namespace> {
        // SAFETY: Called by a task.
        NonNull::new(unsafe { luaconntrack_namespace() }).map(Namespace)
    }

    /// Shows the flow that has the tuple, in either direction, if there is one.
    pub(crate) fn find<R>(&self, tuple: &Tuple, zone: u16, f: impl FnOnce(&Connection<'_>) -> R) -> Option<R> {
        // SAFETY: The namespace is held; the tuple is as shim.h declares it.
        let flow = NonNull::new(unsafe { luaconntrack_find(self.0.as_ptr(), tuple, zone) })?;
        let held = Held(flow);
        // SAFETY: Held until after the call.
        Some(f(&unsafe { Connection::new(held.0, 0) }))
    }
}

impl Drop for Namespace {
    fn drop(&mut self) {
        // SAFETY: By the invariants.
        unsafe { luaconntrack_leave(self.0.as_ptr()) }
    }
}

/// A flow, which is let go of when this is dropped.
struct Held(NonNull<c_void>);

impl Drop for Held {
    fn drop(&mut self) {
        // SAFETY: It was found, and with that held, for this.
        unsafe { luaconntrack_put(self.0.as_ptr()) }
    }
}
