// SPDX-License-Identifier: MIT OR GPL-2.0-only
//! Why a script could not be run, in words for whoever asked.

use core::fmt::{self, Write};
use kernel::alloc::{
    flags::{__GFP_NOWARN, GFP_KERNEL},
    Flags, KVec,
};
use kernel::error::{code::*, Error};
use lua::State;

use crate::ledger::Fault;
use crate::slot::Slot;
use crate::sys;

/// An errno for the caller of write(2), and text for a person.
pub struct Failure {
    /// The kind of error.
    pub errno: Error,
    /// What happened, and where.
    pub text: KVec<u8>,
}

impl Failure {
    pub(crate) fn new(errno: Error, text: fmt::Arguments<'_>) -> Failure {
        let mut writer = Writer(KVec::new());
        // Without memory for the text, the errno has to do.
        let _ = writer.write_fmt(text);
        Failure { errno, text: writer.0 }
    }

    /// The kind of failure that it is in the books.
    pub(crate) fn fault(&self) -> Fault {
        match self.errno {
            errno if errno == ENOMEM => Fault::Memory,
            errno if errno == sys::etime() => Fault::Fuel,
            _ => Fault::Error,
        }
    }

    /// From the error on top of the stack: a message, with a traceback perhaps.
    pub(crate) fn of_lua(state: State<'_>, flags: Flags) -> Failure {
        let _ = worded(state, lua::Error::RAISED);
        let spent = Slot::of(state).fuel(state) < 0;
        let text = if spent && sys::killed() { b"interrupted" } else { state.bytes(-1) };
        let errno = if spent { sys::etime() } else { EINVAL };
        // Also when it was another runtime that failed, which the driver ran.
        let errno = match text {
            b"interrupted" => EINTR,
            _ if text.starts_with(b"not enough memory") => ENOMEM,
            _ if text.starts_with(b"out of fuel") => sys::etime(),
            _ => errno,
        };
        let mut copy = KVec::new();
        let _ = copy.extend_from_slice(text, flags | __GFP_NOWARN);
        Failure { errno, text: copy }
    }
}

/// Makes of any error one that is text, on top of the stack. How an object is told is the script's own (`__tostring`):
/// that is part of the call that failed, done with what this has left, and in its books.
#[cold]
pub(crate) fn worded(state: State<'_>, error: lua::Error) -> lua::Error {
    let error = state.raised(error);
    let is_text = || state.type_of(-1) == lua::ffi::LUA_TSTRING;
    if !(is_text() || state.push_text(-1).is_ok() && is_text()) {
        return state.raise(format_args!("error object without text"));
    }
    error
}

impl From<Error> for Failure {
    fn from(errno: Error) -> Failure {
        Failure::new(errno, format_args!("{:?}", errno))
    }
}

/// Text in memory that may run out.
pub(crate) struct Writer(pub(crate) KVec<u8>);

impl Write for Writer {
    fn write_str(&mut self, s: &str) -> fmt::Result {
        self.0.extend_from_slice(s.as_bytes(), GFP_KERNEL).map_err(|_| fmt::Error)
    }
}
