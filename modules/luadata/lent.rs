// SPDX-License-Identifier: MIT OR GPL-2.0-only
//! An object that shows other bytes at each call of a script's function.

use core::cell::Cell;
use core::ptr;
use lua::{FromLua, IntoLua, Kind, Reference, State};

use crate::Data;

/// A `data` object in the registry of a state, which is lent bytes for calls in that state.
///
/// # Invariants
///
/// `data` is null or that object, which goes with the state.
pub struct Lent {
    data: Cell<*const Data>,
    reference: Cell<Reference>,
}

impl Default for Lent {
    fn default() -> Self {
        Self::new()
    }
}

impl Lent {
    /// One without an object.
    #[must_use]
    pub fn new() -> Lent {
        Lent { data: Cell::new(ptr::null()), reference: Cell::new(Reference::default()) }
    }

    /// Makes the object. The script is loading.
    ///
    /// # Errors
    ///
    /// Lua's memory limit.
    pub fn prepare(&self, state: State<'_>) -> lua::Result {
        Data::window().push(state)?;
        let data: &Data = <&Data>::from_lua(state, -1)?;
        self.reference.set(state.reference()?);
        self.data.set(data);
        Ok(())
    }

    /// The object, unless the state has none.
    #[inline]
    fn data(&self) -> Option<&Data> {
        // SAFETY: By the invariants; it is used while its state runs.
        unsafe { self.data.get().as_ref() }
    }

    /// Shows bytes.
    ///
    /// # Errors
    ///
    /// There is no object.
    ///
    /// # Safety
    ///
    /// The bytes are there, and nobody else touches them while the script runs, until [`Lent::close`].
    #[inline]
    pub unsafe fn open(&self, base: *mut u8, length: usize) -> lua::Result {
        let data = self.data().ok_or(Kind::Failed)?;
        // SAFETY: By the function's own contract.
        unsafe { data.lend(base, length) };
        Ok(())
    }

    /// Pushes the object, in its state.
    #[inline]
    pub fn push(&self, state: State<'_>) {
        state.push_reference(&self.reference.get());
    }

    /// Shows nothing any more.
    #[inline]
    pub fn close(&self) {
        if let Some(data) = self.data() {
            data.revoke();
        }
    }
}
