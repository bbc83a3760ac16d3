// SPDX-License-Identifier: MIT OR GPL-2.0-only
//! shim.c's functions, safe. All but `kill` are about the task that runs them.

use core::ffi::c_int;
use kernel::error::to_result;
use kernel::prelude::*;

extern "C" {
    fn luasignal_exists(signal: i64) -> bool;
    fn luasignal_mask(signal: c_int, how: c_int) -> c_int;
    fn luasignal_pending() -> bool;
    fn luasignal_is_blocked(signal: c_int) -> bool;
    fn luasignal_is_pending(signal: c_int) -> bool;
    fn luasignal_is_ignored(signal: c_int) -> bool;
    fn luasignal_kill(pid: c_int, signal: c_int) -> c_int;
}

/// The number of a signal.
#[derive(Clone, Copy)]
pub(crate) struct Signal(c_int);

const KILL_NUMBER: c_int = 9;
pub(crate) const KILL: Signal = Signal(KILL_NUMBER);
const STOP: c_int = 19;

impl Signal {
    /// If there is one of this number.
    pub(crate) fn new(number: i64) -> Option<Signal> {
        // SAFETY: No preconditions.
        unsafe { luasignal_exists(number) }.then_some(Signal(number as c_int))
    }

    /// Whether a task may refuse it.
    pub(crate) fn can_wait(self) -> bool {
        !matches!(self.0, KILL_NUMBER | STOP)
    }

    /// Changes the task's mask: 0 blocks the signal, 1 lets it through, 2 lets all others through.
    pub(crate) fn mask(self, how: c_int) -> Result {
        // SAFETY: By the type the signal exists.
        to_result(unsafe { luasignal_mask(self.0, how) })
    }

    pub(crate) fn is_blocked(self) -> bool {
        // SAFETY: As above.
        unsafe { luasignal_is_blocked(self.0) }
    }

    pub(crate) fn is_pending(self) -> bool {
        // SAFETY: As above.
        unsafe { luasignal_is_pending(self.0) }
    }

    pub(crate) fn is_ignored(self) -> bool {
        // SAFETY: As above.
        unsafe { luasignal_is_ignored(self.0) }
    }

    /// Sends it to a process.
    pub(crate) fn send(self, pid: c_int) -> Result {
        // SAFETY: As above.
        to_result(unsafe { luasignal_kill(pid, self.0) })
    }
}

/// Whether a process exists, and may be sent signals.
pub(crate) fn exists(pid: c_int) -> Result {
    // SAFETY: Signal 0 is none, and is sent to nobody.
    to_result(unsafe { luasignal_kill(pid, 0) })
}

/// Whether any signal waits for the task.
pub(crate) fn pending() -> bool {
    // SAFETY: No preconditions.
    unsafe { luasignal_pending() }
}
