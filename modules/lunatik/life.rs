// SPDX-License-Identifier: MIT OR GPL-2.0-only
//! The life of a kernel thread that runs a script: others ask it to end, and wait for that.

use core::ffi::c_void;
use core::sync::atomic::{AtomicBool, Ordering};
use kernel::error::Result;

use crate::monitor::Monitor;
use crate::stay::Wish;

/// A thread's life, which begins and ends once.
pub struct Life {
    wish: Wish,
    /// The thread has it until it ends, so that who waits for the end waits for the thread, and is
    /// told if the thread waits for him.
    end: Monitor,
    over: AtomicBool,
}

impl Life {
    /// One that has not begun.
    ///
    /// # Errors
    ///
    /// ENOMEM.
    pub fn new() -> Result<Life> {
        Ok(Life { wish: Wish::new(), end: Monitor::new()?, over: AtomicBool::new(false) })
    }

    /// It is the life of `task`, a `struct task_struct` that calls [`Life::live`] next.
    pub fn begin(&self, task: *mut c_void) {
        self.end.take_for(task);
    }

    /// Runs `f` as all that this task does with its life.
    pub fn live(&self, f: &mut dyn FnMut()) {
        self.wish.during(f);
        self.over.store(true, Ordering::Release);
        self.end.release();
    }

    /// Whether it has ended.
    pub fn is_over(&self) -> bool {
        self.over.load(Ordering::Acquire)
    }

    /// Asks the thread to come to its end; in every context.
    pub fn ask(&self) {
        self.wish.end();
    }

    /// Asks it, and sleeps until it has.
    ///
    /// # Errors
    ///
    /// EDEADLK: the thread is the caller or waits for it. EINTR: the task was killed.
    pub fn stop(&self) -> Result {
        self.end.check()?;
        self.ask();
        self.end.lock_patiently().map(drop)
    }
}
