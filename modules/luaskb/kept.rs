// SPDX-License-Identifier: MIT OR GPL-2.0-only
//! An object that belongs to a packet object, made at its first use and used again.

use core::cell::Cell;
use core::ffi::c_int;
use core::ptr;
use lua::{FromLua, IntoLua, Kind, Object, State};

/// The place for one.
///
/// # Invariants
///
/// `object` is null, or what place `index` of the packet object keeps: Lua frees neither before
/// the other, so its memory is there as long as this.
pub(crate) struct Kept<T> {
    object: Cell<*const T>,
    index: c_int,
}

impl<T: Object> Kept<T> {
    pub(crate) const fn new(index: c_int) -> Kept<T> {
        Kept { object: Cell::new(ptr::null()), index }
    }

    /// The object, if there is one. Its finalizer may have run already, if it became garbage with
    /// the packet: no method sees it then.
    pub(crate) fn made(&self) -> Option<&T> {
        // SAFETY: By the invariants.
        unsafe { self.object.get().as_ref() }
    }

    /// Pushes the object. The packet object is the method's first argument.
    pub(crate) fn push(&self, state: State<'_>, make: fn() -> T) -> lua::Result<&T> {
        if self.made().is_none() {
            self.make(state, make)?;
        }
        state.get_user_value(1, self.index);
        self.made().ok_or_else(|| Kind::Failed.into())
    }

    fn make(&self, state: State<'_>, make: fn() -> T) -> lua::Result {
        make().push(state)?;
        // Nothing runs Lua from here on. A finalizer that ran above may have made the object: it is the one, which
        // the packet object can revoke.
        if self.made().is_some() {
            state.pop(1);
            return Ok(());
        }
        let object: *const T = <&T>::from_lua(state, -1)?;
        // Each keeps the other: whoever holds a part of a copy holds the copy.
        state.push_value(1);
        state.set_user_value(-2, 1);
        state.set_user_value(1, self.index);
        self.object.set(object);
        Ok(())
    }
}
