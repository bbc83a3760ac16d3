// SPDX-License-Identifier: MIT OR GPL-2.0-only
//! shim.c's functions, safe.

use core::cell::UnsafeCell;
use core::ffi::{c_int, c_uint};
use kernel::alloc::Flags;
use kernel::bindings::wait_queue_head_t;
use kernel::prelude::*;
use kernel::sync::Arc;
use kernel::types::Opaque;

extern "C" {
    fn luacompletion_init(queue: *mut wait_queue_head_t);
    fn luacompletion_complete(queue: *mut wait_queue_head_t, done: *mut c_uint);
    fn luacompletion_wait(queue: *mut wait_queue_head_t, done: *mut c_uint, milliseconds: i64) -> c_int;
}

/// How a wait ended.
pub(crate) enum Outcome {
    Completed,
    Timeout,
    Interrupt,
}

/// A counter of completions, and who waits for one.
///
/// # Invariants
///
/// It is in an [`Arc`], so it does not move; the queue is initialized, and its lock guards
/// `done`.
pub(crate) struct Event {
    queue: Opaque<wait_queue_head_t>,
    done: UnsafeCell<c_uint>,
}

// SAFETY: shim.c reaches both under the queue's lock.
unsafe impl Send for Event {}
// SAFETY: As above.
unsafe impl Sync for Event {}

impl Event {
    pub(crate) fn new(flags: Flags) -> Result<Arc<Event>> {
        let event = Arc::new(Event { queue: Opaque::uninit(), done: UnsafeCell::new(0) }, flags)?;
        // SAFETY: Where it is now, it stays, and nobody else knows it yet.
        unsafe { luacompletion_init(event.queue.get()) };
        Ok(event)
    }

    /// In every context.
    pub(crate) fn complete(&self) {
        // SAFETY: By the invariants.
        unsafe { luacompletion_complete(self.queue.get(), self.done.get()) }
    }

    /// Where sleeping is allowed. Negative milliseconds: for ever.
    pub(crate) fn wait(&self, milliseconds: i64) -> Outcome {
        // SAFETY: By the invariants. The caller holds the Arc, so all of it outlives the wait.
        match unsafe { luacompletion_wait(self.queue.get(), self.done.get(), milliseconds) } {
            0 => Outcome::Completed,
            error if error == -ETIME => Outcome::Timeout,
            _ => Outcome::Interrupt,
        }
    }
}

/// The kernel crate does not name it.
const ETIME: c_int = 62;
