// SPDX-License-Identifier: MIT OR GPL-2.0-only
//! A mutex that refuses to wait for ever.
//!
//! Scripts call each other in any order, so a task that has one runtime may wait for a second
//! whose task waits for the first. Every task that blocks is written down with what it blocks
//! on, and the last of a circle, whose wait would close it, gets an error instead.

use core::cell::Cell;
use core::ffi::c_void;
use core::ptr;
use kernel::error::Result;

use crate::sys;

/// A mutex that knows its owner.
///
/// # Invariants
///
/// `owner` changes under the lock of [`WAITERS`]: it is the task that has the mutex, or null
/// when nobody has it or whoever has it is about to say so or to release it.
pub(crate) struct Monitor {
    mutex: sys::Mutex,
    owner: Cell<*mut c_void>,
}

// SAFETY: `owner` is reached under one lock, by the invariants.
unsafe impl Send for Monitor {}
// SAFETY: As above.
unsafe impl Sync for Monitor {}

/// A task that blocks, on its own stack.
///
/// # Invariants
///
/// While it is in the list, it does not move, and the monitor that it wants is alive.
struct Waiter {
    task: *mut c_void,
    wants: *const Monitor,
    next: Cell<*const Waiter>,
}

/// The tasks that block, in no order.
struct Waiters(*const Waiter);

// SAFETY: What it points to is reached under the lock only.
unsafe impl Send for Waiters {}

static WAITERS: sys::Brief<Waiters> = sys::Brief::new(Waiters(ptr::null()));

impl Waiters {
    fn iter(&self) -> impl Iterator<Item = &Waiter> {
        // SAFETY: By their invariants, waiters in the list are alive, and the lock is held.
        let at = |waiter: *const Waiter| unsafe { waiter.as_ref() };
        core::iter::successors(at(self.0), move |waiter| at(waiter.next.get()))
    }

    /// Whether a wait for `monitor` would end at a task that waits for `task`.
    fn circle(&self, monitor: &Monitor, task: *mut c_void) -> bool {
        let mut monitor: *const Monitor = monitor;
        loop {
            // SAFETY: It is the caller's, or one that a waiter wants, alive by its invariants.
            let owner = unsafe { (*monitor).owner.get() };
            if owner.is_null() {
                return false;
            }
            if owner == task {
                return true;
            }
            // There is no circle among those who wait already, so this ends.
            match self.iter().find(|waiter| waiter.task == owner) {
                Some(waiter) => monitor = waiter.wants,
                None => return false,
            }
        }
    }

    fn remove(&mut self, waiter: &Waiter) {
        if ptr::eq(self.0, waiter) {
            self.0 = waiter.next.get();
        } else if let Some(before) = self.iter().find(|other| ptr::eq(other.next.get(), waiter)) {
            before.next.set(waiter.next.get());
        }
    }
}

impl Monitor {
    pub(crate) fn new() -> Result<Monitor> {
        Ok(Monitor { mutex: sys::Mutex::new()?, owner: Cell::new(ptr::null_mut()) })
    }

    /// Whether a wait for it would end.
    ///
    /// # Errors
    ///
    /// EDEADLK: it would not.
    pub(crate) fn check(&self) -> Result {
        match WAITERS.lock().circle(self, sys::current_task()) {
            true => Err(sys::edeadlk()),
            false => Ok(()),
        }
    }

    /// Takes the monitor if it is free.
    pub(crate) fn try_lock(&self) -> Option<Guard<'_>> {
        let mutex = self.mutex.try_lock()?;
        let _waiters = WAITERS.lock();
        self.owner.set(sys::current_task());
        Some(Guard { monitor: self, _mutex: mutex })
    }

    /// Sleeps until the monitor is free.
    ///
    /// # Errors
    ///
    /// EDEADLK: it would never be, because its owner waits for this task or is it. EINTR: the
    /// task is killed.
    pub(crate) fn lock(&self) -> Result<Guard<'_>> {
        let waiter = Waiter { task: sys::current_task(), wants: self, next: Cell::new(ptr::null()) };
        {
            let mut waiters = WAITERS.lock();
            if waiters.circle(self, waiter.task) {
                return Err(sys::edeadlk());
            }
            waiter.next.set(waiters.0);
            waiters.0 = &waiter;
        }
        let taken = self.mutex.lock();
        let mut waiters = WAITERS.lock();
        waiters.remove(&waiter);
        let mutex = taken?;
        self.owner.set(waiter.task);
        drop(waiters);
        Ok(Guard { monitor: self, _mutex: mutex })
    }
}

/// The monitor is held while this lives.
pub(crate) struct Guard<'a> {
    monitor: &'a Monitor,
    // After `drop`: released once it has no owner.
    _mutex: sys::MutexGuard<'a>,
}

impl Drop for Guard<'_> {
    fn drop(&mut self) {
        let _waiters = WAITERS.lock();
        self.monitor.owner.set(ptr::null_mut());
    }
}
