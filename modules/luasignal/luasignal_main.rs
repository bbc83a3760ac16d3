// SPDX-License-Identifier: MIT OR GPL-2.0-only
//! The Lua module `signal`: signals of the task that runs the script, and to other processes.
//!
//! The task is a thread's, or, as elsewhere in process context, that of whoever called the script: a
//! mask outlives the call, as the task does.
//!
//! # signal
//!
//! Signals (`linux.signal`) of the task that runs the script, and to others; in process context, to be granted. The task is the
//! script's thread, or who called: a mask outlives the call, as the task does.
//!
//! | function | |
//! |---|---|
//! | `signal.sigmask(sig[, cmd])` | blocks a signal (`cmd` 0, the default), lets it through (1), or blocks it and no other (2). KILL and STOP cannot be blocked |
//! | `signal.sigpending()` | whether any signal waits for the task that is not blocked |
//! | `signal.sigstate(sig[, state])` | whether it is `"blocked"` (the default), `"pending"`, or `"allowed"`: neither blocked nor ignored |
//! | `signal.kill(pid[, sig])` | sends a signal (KILL) to a process, or with 0 none; false if there is no such process. Process 1 is protected from it as it is from root |
//!
//! ```lua process
//! local signal = require("signal")
//! assert(signal.kill(1, 0) and not signal.sigpending())
//! ```

mod sys;

use kernel::prelude::*;
use lua::{function, Entry, Kind, State};
use lunatik_core::{errno, register, Access, Context, Registration, Runtime};

use sys::{Signal, KILL};

module! {
    type: Module,
    name: "luasignal",
    author: "The Lunagate authors",
    description: "Lua signals",
    license: "Dual MIT/GPL",
}

/// What it costs to look for a process.
const SEND: usize = 100;

/// Elsewhere the task that is running has nothing to do with the script.
fn check_context(state: State<'_>) -> lua::Result {
    match Runtime::of(state)?.context() {
        Context::Process => Runtime::may_sleep(state),
        _ => Err(Kind::Context.into()),
    }
}

fn signal(number: i64) -> lua::Result<Signal> {
    Signal::new(number).ok_or_else(|| Kind::InvalidValue.into())
}

/// `signal.sigmask(sig[, cmd])`: blocks a signal (0, the default), lets it through (1), or blocks it
/// alone (2).
fn sigmask(state: State<'_>, number: i64, how: Option<i64>) -> lua::Result {
    check_context(state)?;
    let signal = signal(number).map_err(|error| error.at(1))?;
    let how = i32::try_from(how.unwrap_or(0)).ok().filter(|how| (0..=2).contains(how));
    let how = how.ok_or(lua::Error::from(Kind::InvalidValue).at(2))?;
    if how != 1 && !signal.can_wait() {
        return Err(state.raise(format_args!("signal.sigmask: KILL and STOP cannot be blocked")));
    }
    signal.mask(how).map_err(|errno| state.raise(format_args!("signal.sigmask: {}", errno::Shown(errno))))
}

/// `signal.sigpending()`: whether any signal waits for the task.
fn sigpending(state: State<'_>) -> lua::Result<bool> {
    check_context(state)?;
    Ok(sys::pending())
}

/// `signal.sigstate(sig[, state])`: whether a signal is "blocked" (the default), "pending", or
/// "allowed", which is neither blocked nor ignored.
fn sigstate(state: State<'_>, number: i64, which: Option<&[u8]>) -> lua::Result<bool> {
    check_context(state)?;
    let signal = signal(number).map_err(|error| error.at(1))?;
    match which.unwrap_or(b"blocked") {
        b"blocked" => Ok(signal.is_blocked()),
        b"pending" => Ok(signal.is_pending()),
        b"allowed" => Ok(!signal.is_blocked() && !signal.is_ignored()),
        _ => Err(lua::Error::from(Kind::InvalidValue).at(2)),
    }
}

/// `signal.kill(pid[, sig])`: sends KILL, or another signal, or with 0 none; whether there is such a
/// process.
fn kill(state: State<'_>, pid: i32, number: Option<i64>) -> lua::Result<bool> {
    check_context(state)?;
    if pid <= 0 {
        return Err(lua::Error::from(Kind::InvalidValue).at(1));
    }
    state.spend(SEND)?;
    let sent = match number {
        None => KILL.send(pid),
        Some(0) => sys::exists(pid),
        Some(number) => signal(number).map_err(|error| error.at(2))?.send(pid),
    };
    match sent {
        Ok(()) => Ok(true),
        Err(errno) if errno == ESRCH => Ok(false),
        Err(errno) => Err(state.raise(format_args!("signal.kill: {}", errno::Shown(errno)))),
    }
}

static LIBRARY: [Entry; 4] = [
    function(c"sigmask", sigmask),
    function(c"sigpending", sigpending),
    function(c"sigstate", sigstate),
    function(c"kill", kill),
];

static MODULE: lunatik_core::Module =
    lunatik_core::Module { name: c"signal", access: Access::Granted, open: |state| state.push_library(&LIBRARY) };

struct Module {
    _registration: Registration,
}

impl kernel::Module for Module {
    fn init(module: &'static ThisModule) -> Result<Self> {
        Ok(Module { _registration: register(&MODULE, module)? })
    }
}
