// SPDX-License-Identifier: MIT OR GPL-2.0-only
//! The functions that a handler gets, about the hit that it is called for.

use core::ffi::c_int;
use lua::{function, Entry, Kind, State};
use lunatik_core::Runtime;

use crate::hook;

/// What a dump costs: some twenty lines for the log.
const DUMP: usize = 1000;
/// As many arguments are in registers.
const REGISTERS: u32 = 6;

static DUMPS: Entry = function(c"dump", dump);
static ARGUMENTS: Entry = function(c"argument", argument);

/// Pushes them, and counts them.
pub(crate) fn push(state: State<'_>) -> c_int {
    DUMPS.push(state);
    ARGUMENTS.push(state);
    2
}

fn over(state: State<'_>) -> lua::Error {
    state.raise(format_args!("probe: this is known during the handler's call only"))
}

/// `dump()`: where the probe was hit, by which task, the registers then, and the callers, in the log.
fn dump(state: State<'_>) -> lua::Result {
    state.spend(DUMP)?;
    if hook::dump(Runtime::of(state)?.name()) {
        Ok(())
    } else {
        Err(over(state))
    }
}

/// `argument(n)`: an argument of the probed function, counted from 0, as an integer.
fn argument(state: State<'_>, n: u32) -> lua::Result<i64> {
    if n >= REGISTERS {
        return Err(lua::Error::from(Kind::OutOfRange).at(1));
    }
    hook::argument(n).map(|value| value as i64).ok_or_else(|| over(state))
}
