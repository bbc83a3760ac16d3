// SPDX-License-Identifier: MIT OR GPL-2.0-only
//! A lock that refuses to wait for ever.
//!
//! Scripts call each other in any order, so a task that has one runtime may wait for a second
//! whose task waits for the first. Every task that blocks is written down with what it blocks
//! on, and the last of a circle, whose wait would close it, gets an error instead.

use core::cell::Cell;
use core::ffi::c_void;
use core::ptr;
use kernel::error::Result;

use crate::sys;

/// A lock that knows its owner.
///
/// # Invariants
///
/// `owner` changes under the lock of [`WAITERS`]: it is the task that has `lock`, or null
/// when nobody has it or whoever has it is about to say so or to release it.
pub(crate) struct Monitor {
    lock: sys::Lock,
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
/// While it is in a list, it does not move, and the monitor that it wants is alive.
struct Waiter {
    task: *mut c_void,
    wants: *const Monitor,
    next: Cell<*const Waiter>,
}

/// So many lists.
const LISTS: usize = 1 << LISTS_BITS;
const LISTS_BITS: u32 = 10;

/// The tasks that block, each in the list of its hash, in no order: interrupts are off while one is looked for, so a list
/// has to be short however many tasks block.
struct Waiters([*const Waiter; LISTS]);

// SAFETY: What it points to is reached under the lock only.
unsafe impl Send for Waiters {}

static WAITERS: sys::Brief<Waiters> = sys::Brief::new(Waiters([ptr::null(); LISTS]));

/// The number of a task's list: of its address, times the golden ratio, the upper bits.
fn list(task: *mut c_void) -> usize {
    const GOLDEN_RATIO: u64 = 0x61c8_8646_80b5_83eb;
    ((task as u64).wrapping_mul(GOLDEN_RATIO) >> (u64::BITS - LISTS_BITS)) as usize % LISTS
}

impl Waiters {
    /// Those in a task's list.
    fn iter(&self, task: *mut c_void) -> impl Iterator<Item = &Waiter> {
        // SAFETY: By their invariants, waiters in a list are alive, and the lock is held.
        let at = |waiter: *const Waiter| unsafe { waiter.as_ref() };
        core::iter::successors(at(self.0[list(task)]), move |waiter| at(waiter.next.get()))
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
            match self.iter(owner).find(|waiter| waiter.task == owner) {
                Some(waiter) => monitor = waiter.wants,
                None => return false,
            }
        }
    }

    fn add(&mut self, waiter: &Waiter) {
        let first = &mut self.0[list(waiter.task)];
        waiter.next.set(*first);
        *first = waiter;
    }

    fn remove(&mut self, waiter: &Waiter) {
        let first = &mut self.0[list(waiter.task)];
        if ptr::eq(*first, waiter) {
            *first = waiter.next.get();
        } else if let Some(before) = self.iter(waiter.task).find(|other| ptr::eq(other.next.get(), waiter)) {
            before.next.set(waiter.next.get());
        }
    }
}

impl Monitor {
    pub(crate) fn new() -> Result<Monitor> {
        Ok(Monitor { lock: sys::Lock::new()?, owner: Cell::new(ptr::null_mut()) })
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
        // A guard that is made lets go of the monitor: there is one only if this took it.
        self.take_for(sys::current_task()).then(|| Guard(self))
    }

    /// Takes the monitor, if it is free, for another task, which releases it.
    pub(crate) fn take_for(&self, task: *mut c_void) -> bool {
        let taken = self.lock.try_take();
        if taken {
            let _waiters = WAITERS.lock();
            self.owner.set(task);
        }
        taken
    }

    /// For the task that has it.
    pub(crate) fn release(&self) {
        {
            let _waiters = WAITERS.lock();
            self.owner.set(ptr::null_mut());
        }
        self.lock.release();
    }

    /// Sleeps until the monitor is free.
    ///
    /// # Errors
    ///
    /// EDEADLK: it would never be, because its owner waits for this task or is it. EINTR: the
    /// task is killed, or shall come out of a runtime.
    pub(crate) fn lock(&self) -> Result<Guard<'_>> {
        self.take(false)
    }

    /// The same for who waits until its owner, which is asked to, lets go of it: also a task that
    /// shall itself come out of a runtime.
    pub(crate) fn lock_patiently(&self) -> Result<Guard<'_>> {
        self.take(true)
    }

    fn take(&self, patient: bool) -> Result<Guard<'_>> {
        let waiter = Waiter { task: sys::current_task(), wants: self, next: Cell::new(ptr::null()) };
        {
            let mut waiters = WAITERS.lock();
            if waiters.circle(self, waiter.task) {
                return Err(sys::edeadlk());
            }
            waiters.add(&waiter);
        }
        let taken = self.lock.take(patient);
        let mut waiters = WAITERS.lock();
        waiters.remove(&waiter);
        taken?;
        self.owner.set(waiter.task);
        drop(waiters);
        Ok(Guard(self))
    }
}

/// The monitor is held while this lives.
pub(crate) struct Guard<'a>(&'a Monitor);

impl Drop for Guard<'_> {
    fn drop(&mut self) {
        self.0.release();
    }
}
