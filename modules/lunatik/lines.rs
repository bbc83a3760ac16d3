// SPDX-License-Identifier: MIT OR GPL-2.0-only
//! What a script prints: the kernel's log is everybody's, and a slow console makes packets wait.

use core::cell::Cell;
use core::ffi::CStr;
use lua::State;

use crate::sys;

/// A state's lines are counted for so many milliseconds.
const INTERVAL: u64 = 5000;
/// So many of them reach the log.
const BURST: u32 = 200;
/// What a line there costs; so many of its bytes cost a unit more.
const LINE: usize = 100;
const UNIT: usize = 8;

/// The lines of a state.
pub(crate) struct Lines {
    /// When counting began, in milliseconds.
    since: Cell<u64>,
    count: Cell<u32>,
}

impl Lines {
    pub(crate) const fn new() -> Lines {
        Lines { since: Cell::new(0), count: Cell::new(0) }
    }

    /// Puts a line into the log, unless there were too many.
    pub(crate) fn print(&self, state: State<'_>, script: &CStr, text: &[u8]) {
        let now = sys::uptime();
        if now.saturating_sub(self.since.get()) >= INTERVAL {
            self.since.set(now);
            self.count.set(0);
        }
        let count = self.count.get();
        self.count.set(count.saturating_add(1));
        if count == BURST {
            sys::complain(script, b"prints too much: what follows is left out for some seconds", b"");
        }
        if count < BURST {
            state.charge(LINE + text.len() / UNIT);
            sys::print(script, text);
        }
    }
}
