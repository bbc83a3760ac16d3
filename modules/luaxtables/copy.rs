// SPDX-License-Identifier: MIT OR GPL-2.0-only
//! The Lua class `xtables.packet`: a copy of a packet that a script holds until it sends or closes it.

use core::cell::Cell;
use core::ffi::c_int;
use lua::{meta, method, Class, Kind, Object, State};
use lunatik_core::Charge;

use crate::link::{unsent, PAYLOAD, SEND, UNIT};
use crate::sys;

/// A copy, and what it weighs; nothing of both once it is closed.
pub(crate) struct Copy {
    copy: Cell<Option<sys::Copy>>,
    charge: Cell<Option<Charge>>,
}

static PACKET: Class = Class::new::<Copy>(
    c"xtables.packet",
    &[method(c"send", Copy::send), method(c"close", Copy::close), meta(c"__close", Copy::close)],
);

impl Object for Copy {
    const CLASS: &'static Class = &PACKET;
}

impl Copy {
    pub(crate) fn new(copy: sys::Copy, charge: Charge) -> Copy {
        Copy { copy: Cell::new(Some(copy)), charge: Cell::new(Some(charge)) }
    }

    fn take(&self) -> Option<sys::Copy> {
        self.charge.set(None);
        self.copy.take()
    }

    /// Sends it on its way, with another payload perhaps; whether it goes.
    fn send(&self, payload: Option<&[u8]>, state: State<'_>) -> lua::Result<bool> {
        /// No room, or nowhere to send to any more.
        const NOT_NOW: [c_int; 2] = [-105, -2];
        if payload.is_some_and(|payload| payload.len() > PAYLOAD) {
            return Err(lua::Error::from(Kind::OutOfBounds).at(2));
        }
        state.spend(SEND + payload.map_or(0, <[u8]>::len) / UNIT)?;
        let copy = self.take().ok_or_else(|| state.raise(format_args!("closed packet")))?;
        match copy.send(payload) {
            Ok(()) => Ok(true),
            Err(code) if NOT_NOW.contains(&code) => Ok(false),
            Err(code) => Err(unsent(state, code)),
        }
    }

    /// Gives it up; whether there was something to give up.
    fn close(&self) -> bool {
        self.take().is_some()
    }
}
