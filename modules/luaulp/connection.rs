// SPDX-License-Identifier: MIT OR GPL-2.0-only
//! A connection in the eyes of its script, and what that says of it.

use core::cell::Cell;
use core::ffi::{c_int, CStr};
use kernel::alloc::KVVec;
use kernel::prelude::*;
use kernel::sync::Arc;
use lua::{ffi, FromLua, Reference, State};
use lunatik_core::{errno, Fail};

use crate::filter::{Filter, Place};

/// No answer is longer, in bytes.
const LIMIT: usize = 64 << 10;
/// So many bytes cost a unit of fuel to copy.
const UNIT: usize = 64;
/// The numbers that errnos have.
const LAST_ERRNO: c_int = 133;

/// What a script is asked, or told.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Function {
    /// What the peer sent.
    Receive,
    /// What the program sends.
    Send,
    /// The peer sends nothing more.
    Finish,
    /// The connection is over.
    Close,
}

impl Function {
    fn name(self) -> &'static CStr {
        match self {
            Function::Receive => c"recv",
            Function::Send => c"send",
            Function::Finish => c"finish",
            Function::Close => c"close",
        }
    }
}

/// What becomes of the bytes, and of the connection.
pub(crate) enum Verdict {
    /// They go on.
    Unchanged,
    /// These go on in their place.
    Replaced(KVVec<u8>),
    /// They do not, and the connection is reset.
    Reset,
    /// They do not, and the call fails so.
    Refused(c_int),
    /// The task was asked to end first: nothing is said yet.
    Interrupted,
}

/// What a script knows of a connection.
///
/// # Invariants
///
/// One task at a time uses it. `table` is a value of the state of `place`, and reached inside of that.
pub(crate) struct Connection {
    place: Place,
    table: Cell<Option<Reference>>,
}

impl Connection {
    pub(crate) fn new(filter: &Arc<Filter>) -> Result<KBox<Connection>> {
        let place = Filter::place(filter).ok_or(ENXIO)?;
        Ok(KBox::new(Connection { place, table: Cell::new(None) }, GFP_KERNEL)?)
    }

    /// Asks the script. Sleeps.
    pub(crate) fn ask(&self, function: Function, bytes: &[u8]) -> Verdict {
        let service = &self.place.service;
        match service.serve(|state| self.call(state, function, bytes)) {
            Ok(verdict) => verdict,
            Err(errno) if errno == EINTR => Verdict::Interrupted,
            Err(_) if service.fail() == Fail::Accept => Verdict::Unchanged,
            Err(_) => Verdict::Reset,
        }
    }

    fn call(&self, state: State<'_>, function: Function, bytes: &[u8]) -> lua::Result<Verdict> {
        self.place.entry.push(state)?;
        match (state.type_of(-1), function) {
            (ffi::LUA_TFUNCTION, Function::Receive) => {}
            (ffi::LUA_TFUNCTION, _) => return Ok(Verdict::Unchanged),
            (ffi::LUA_TTABLE, _) => {
                state.get_field(-1, function.name())?;
                if state.is_none_or_nil(-1) {
                    return Ok(Verdict::Unchanged);
                }
            }
            _ => return Err(state.raise(format_args!("ulp: the entry point is no function or table any more"))),
        }
        let mut arguments = 1;
        if matches!(function, Function::Receive | Function::Send) {
            state.spend(bytes.len() / UNIT)?;
            state.push_bytes(bytes)?;
            arguments += 1;
        }
        self.push_table(state)?;
        state.call_traced(arguments, 2)?;
        match function {
            Function::Close => Ok(Verdict::Unchanged),
            Function::Finish if state.is_none_or_nil(-2) => Ok(Verdict::Unchanged),
            _ => verdict(state),
        }
    }

    /// Pushes the table that is the connection's own.
    fn push_table(&self, state: State<'_>) -> lua::Result {
        if let Some(table) = self.table.get() {
            state.push_reference(&table);
            return Ok(());
        }
        state.push_table(0, 0)?;
        state.push_value(-1);
        self.table.set(Some(state.reference()?));
        Ok(())
    }

    fn forget(&self, state: State<'_>) {
        if let Some(table) = self.table.take() {
            state.release(table);
        }
    }
}

impl Drop for Connection {
    fn drop(&mut self) {
        if self.table.get().is_none() {
            return;
        }
        let service = &self.place.service;
        let _ = service.serve(|state| {
            let told = self.call(state, Function::Close, b"").map(drop);
            self.forget(state);
            told
        });
        // One in quarantine is told nothing; one that is stopped has forgotten it already.
        if self.table.get().is_some() {
            let _ = service.tidy(&mut |state| self.forget(state));
        }
    }
}

/// Reads two results: `true`, or bytes; or nothing or `false`, and perhaps the error that the call fails with.
fn verdict(state: State<'_>) -> lua::Result<Verdict> {
    match (state.type_of(-2), state.type_of(-1)) {
        (ffi::LUA_TSTRING, _) => {
            let bytes = state.bytes(-2);
            if bytes.len() > LIMIT {
                return Err(state.raise(format_args!("ulp: {} bytes are more than {LIMIT}", bytes.len())));
            }
            state.spend(bytes.len() / UNIT)?;
            let mut copy = KVVec::new();
            copy.extend_from_slice(bytes, GFP_KERNEL).map_err(|_| lua::Kind::NoMemory)?;
            Ok(Verdict::Replaced(copy))
        }
        (ffi::LUA_TBOOLEAN, _) if bool::from_lua(state, -2)? => Ok(Verdict::Unchanged),
        (ffi::LUA_TNIL | ffi::LUA_TBOOLEAN, ffi::LUA_TNIL) => Ok(Verdict::Reset),
        (ffi::LUA_TNIL | ffi::LUA_TBOOLEAN, ffi::LUA_TSTRING) => {
            let name = state.bytes(-1);
            let number = (1..=LAST_ERRNO).find(|number| errno::name(*number).is_some_and(|n| n.to_bytes() == name));
            number.map(Verdict::Refused).ok_or_else(|| state.raise(format_args!("ulp: there is no such error")))
        }
        _ => Err(state
            .raise(format_args!("ulp: the function returns bytes, true, or false and perhaps the name of an error"))),
    }
}
