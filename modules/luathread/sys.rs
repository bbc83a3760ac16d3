// SPDX-License-Identifier: MIT OR GPL-2.0-only
//! shim.c's functions, safe.

use core::ffi::{c_char, c_int, c_void, CStr};
use core::ptr::{self, NonNull};
use core::sync::atomic::{AtomicPtr, Ordering};
use kernel::error::to_result;
use kernel::prelude::*;

use crate::Share;

/// What shim.h calls `struct luathread_task`.
#[repr(C)]
#[derive(Default)]
pub(crate) struct Description {
    pub(crate) pid: i64,
    pub(crate) tgid: i64,
    pub(crate) cpu: i64,
    command: [u8; 16],
}

impl Description {
    pub(crate) fn command(&self) -> &CStr {
        CStr::from_bytes_until_nul(&self.command).unwrap_or(c"")
    }
}

extern "C" {
    fn luathread_create(
        name: *const c_char,
        length: usize,
        share: *mut c_void,
        task: *mut *mut c_void,
        pid: *mut *mut c_void,
    ) -> c_int;
    fn luathread_wake(task: *mut c_void);
    fn luathread_share() -> *mut c_void;
    fn luathread_current() -> *mut c_void;
    fn luathread_put(pid: *mut c_void);
    fn luathread_describe(pid: *mut c_void, description: *mut Description) -> bool;
}

/// The task of a thread.
///
/// # Invariants
///
/// Null, or a `struct pid` that is counted for this; set once.
pub(crate) struct Task(AtomicPtr<c_void>);

impl Task {
    /// None yet.
    pub(crate) const fn none() -> Task {
        Task(AtomicPtr::new(ptr::null_mut()))
    }

    /// The one that runs this.
    pub(crate) fn current() -> Task {
        // SAFETY: No preconditions.
        Task(AtomicPtr::new(unsafe { luathread_current() }))
    }

    fn get(&self) -> *mut c_void {
        self.0.load(Ordering::Acquire)
    }

    /// What is known of the task, while it lives.
    pub(crate) fn describe(&self) -> Option<Description> {
        let mut description = Description::default();
        let pid = self.get();
        // SAFETY: By the invariants; the description is as shim.h has it and outlives the call.
        (!pid.is_null() && unsafe { luathread_describe(pid, &mut description) }).then_some(description)
    }
}

impl Drop for Task {
    fn drop(&mut self) {
        let pid = self.get();
        if !pid.is_null() {
            // SAFETY: By the invariants it is counted for this.
            unsafe { luathread_put(pid) }
        }
    }
}

/// Makes a kernel thread of this name, which lives as its share says.
pub(crate) fn start(name: &[u8], share: KBox<Share>) -> Result {
    let (mut task, mut pid) = (ptr::null_mut(), ptr::null_mut());
    let body = share.body.clone();
    let share = KBox::into_raw(share);
    // SAFETY: The name is as long as it is, and the share stays until the thread drops it.
    let created = unsafe { luathread_create(name.as_ptr().cast(), name.len(), share.cast(), &mut task, &mut pid) };
    let created = to_result(created);
    if let Err(errno) = created {
        // SAFETY: There is no thread, so it is ours.
        drop(unsafe { KBox::from_raw(share) });
        return Err(errno);
    }
    body.task.0.store(pid, Ordering::Release);
    body.life.begin(task);
    // SAFETY: It is counted for this call.
    unsafe { luathread_wake(task) };
    Ok(())
}

/// Calls `f` with the share of the task that runs this, if it is a thread of ours: `f` runs in its
/// life.
pub(crate) fn with_share<R>(f: impl FnOnce(&Share) -> R) -> Option<R> {
    // SAFETY: No preconditions.
    let share = NonNull::new(unsafe { luathread_share() }.cast::<Share>());
    // SAFETY: The thread that runs this is in `luathread_live`, which drops the share afterwards.
    share.map(|share| f(unsafe { share.as_ref() }))
}

/// See shim.h.
#[no_mangle]
unsafe extern "C" fn luathread_live(share: *mut c_void) {
    // SAFETY: The share that `start` gave away, to this thread.
    let share = unsafe { KBox::from_raw(share.cast::<Share>()) };
    share.body.life.live(&mut || share.runtime.runtime().live());
}
