// SPDX-License-Identifier: MIT OR GPL-2.0-only
//! One state for all CPUs, which take turns at it: for scripts whose calls share what they know.

use core::cell::UnsafeCell;
use core::sync::atomic::{AtomicU32, Ordering};
use kernel::bindings::spinlock_t;

extern "C" {
    fn lunatik_turns_init(lock: *mut spinlock_t);
    fn lunatik_interrupt_turns_init(lock: *mut spinlock_t);
    fn lunatik_turns_take(lock: *mut spinlock_t, interrupt: bool) -> bool;
    fn lunatik_turns_end(lock: *mut spinlock_t, interrupt: bool);
}

/// Nobody's turn.
const NOBODY: u32 = 0;

/// Who may run the state. CPUs that wait spin: a turn is as long as the fuel of one call.
pub(crate) struct Turns {
    lock: UnsafeCell<spinlock_t>,
    /// One more than the number of the CPU whose turn it is.
    holder: AtomicU32,
    /// They are of interrupts, which are off meanwhile.
    interrupt: bool,
}

// SAFETY: The lock is made for several CPUs.
unsafe impl Send for Turns {}
// SAFETY: As above.
unsafe impl Sync for Turns {}

impl Turns {
    /// For who calls with bottom halves off, or with interrupts off.
    pub(crate) fn new(interrupt: bool) -> Turns {
        let mut lock = spinlock_t::default();
        // SAFETY: The lock is ours; one that nobody has taken may be moved.
        unsafe {
            if interrupt {
                lunatik_interrupt_turns_init(&mut lock);
            } else {
                lunatik_turns_init(&mut lock);
            }
        }
        Turns { lock: UnsafeCell::new(lock), holder: AtomicU32::new(NOBODY), interrupt }
    }

    /// Spins until it is the turn of this CPU, which who calls is pinned to, with bottom halves or interrupts off, for longer
    /// than the turn lives: `Some(None)` if it is already, and this call is one from within. `None`: this CPU has a turn at another
    /// script's state, and does not wait.
    pub(crate) fn take(&self, cpu: usize) -> Option<Option<Turn<'_>>> {
        let this = (cpu as u32).wrapping_add(1);
        // Only this CPU writes its own number, and takes it back before it does anything else.
        if self.holder.load(Ordering::Relaxed) == this {
            return Some(None);
        }
        // SAFETY: It is initialized; this CPU does not hold it, and bottom halves, or interrupts, are off.
        if !unsafe { lunatik_turns_take(self.lock.get(), self.interrupt) } {
            return None;
        }
        self.holder.store(this, Ordering::Relaxed);
        Some(Some(Turn { turns: self }))
    }
}

/// This CPU's turn, while this lives: no longer than bottom halves, or interrupts, are off.
pub(crate) struct Turn<'a> {
    turns: &'a Turns,
}

impl Drop for Turn<'_> {
    fn drop(&mut self) {
        self.turns.holder.store(NOBODY, Ordering::Relaxed);
        // SAFETY: Pairs with `take`, on the same CPU.
        unsafe { lunatik_turns_end(self.turns.lock.get(), self.turns.interrupt) }
    }
}
