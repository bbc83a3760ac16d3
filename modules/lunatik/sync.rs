// SPDX-License-Identifier: MIT OR GPL-2.0-only
//! For what several CPUs use at once: a lock for every context, and RCU's reading side.

use core::cell::UnsafeCell;
use core::ffi::c_ulong;
use core::marker::PhantomData;
use core::ops::{Deref, DerefMut};
use kernel::bindings::spinlock_t;

pub use crate::sys::{Global, GlobalGuard};

extern "C" {
    fn lunatik_spin_init(lock: *mut spinlock_t);
    fn lunatik_spin_lock(lock: *mut spinlock_t) -> c_ulong;
    fn lunatik_spin_unlock(lock: *mut spinlock_t, flags: c_ulong);
    fn lunatik_rcu_read_lock();
    fn lunatik_rcu_read_unlock();
    fn lunatik_rcu_synchronize();
}

/// A value under a spin lock, with interrupts off while it is held: good in every context,
/// and for a few instructions. One is not taken while another is held.
pub struct SpinLock<T> {
    lock: UnsafeCell<spinlock_t>,
    value: UnsafeCell<T>,
}

// SAFETY: The lock lets one CPU at the value at a time.
unsafe impl<T: Send> Send for SpinLock<T> {}
// SAFETY: As above.
unsafe impl<T: Send> Sync for SpinLock<T> {}

impl<T> SpinLock<T> {
    /// An unlocked value.
    pub fn new(value: T) -> SpinLock<T> {
        let mut lock = spinlock_t::default();
        // SAFETY: The lock is ours; one that nobody has taken may be moved.
        unsafe { lunatik_spin_init(&mut lock) };
        SpinLock { lock: UnsafeCell::new(lock), value: UnsafeCell::new(value) }
    }

    /// Spins until the lock is free.
    pub fn lock(&self) -> SpinGuard<'_, T> {
        // SAFETY: It is initialized; the guard unlocks.
        let flags = unsafe { lunatik_spin_lock(self.lock.get()) };
        SpinGuard { lock: self, flags, _not_send: PhantomData }
    }

    /// The value, for its only owner.
    pub fn get_mut(&mut self) -> &mut T {
        self.value.get_mut()
    }
}

/// The lock is held while this lives.
pub struct SpinGuard<'a, T> {
    lock: &'a SpinLock<T>,
    flags: c_ulong,
    _not_send: PhantomData<*mut ()>,
}

impl<T> Deref for SpinGuard<'_, T> {
    type Target = T;
    fn deref(&self) -> &T {
        // SAFETY: The guard holds the lock.
        unsafe { &*self.lock.value.get() }
    }
}

impl<T> DerefMut for SpinGuard<'_, T> {
    fn deref_mut(&mut self) -> &mut T {
        // SAFETY: The guard holds the lock.
        unsafe { &mut *self.lock.value.get() }
    }
}

impl<T> Drop for SpinGuard<'_, T> {
    fn drop(&mut self) {
        // SAFETY: Pairs with `lock`, on the same CPU.
        unsafe { lunatik_spin_unlock(self.lock.lock.get(), self.flags) }
    }
}

/// An RCU read-side critical section, while it lives: nothing in it may sleep.
pub struct RcuGuard(PhantomData<*mut ()>);

impl RcuGuard {
    /// Enters it.
    #[must_use]
    pub fn new() -> RcuGuard {
        // SAFETY: Paired in drop.
        unsafe { lunatik_rcu_read_lock() };
        RcuGuard(PhantomData)
    }
}

impl Default for RcuGuard {
    fn default() -> RcuGuard {
        RcuGuard::new()
    }
}

impl Drop for RcuGuard {
    fn drop(&mut self) {
        // SAFETY: Pairs with `new`, in the same task.
        unsafe { lunatik_rcu_read_unlock() }
    }
}

/// Sleeps until every read-side critical section that is under way has ended.
pub fn synchronize_rcu() {
    // SAFETY: No preconditions, but that the caller may sleep.
    unsafe { lunatik_rcu_synchronize() }
}
