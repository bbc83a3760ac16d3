// SPDX-License-Identifier: MIT OR GPL-2.0-only
//! Objects that live until they are stopped, whether their script keeps them or not, with a value that others use
//! through them: a table of functions, or one.

use core::cell::Cell;
use kernel::prelude::*;
use kernel::sync::Arc;
use lua::{Object, Reference, State};

use crate::Runtime;

/// What those who call a script's functions have of such an object.
///
/// # Invariants
///
/// `object` is used by the task that is inside of the runtime only.
pub struct Kept {
    runtime: Arc<Runtime>,
    object: Cell<Option<Reference>>,
}

// SAFETY: By the invariants.
unsafe impl Send for Kept {}
// SAFETY: As above.
unsafe impl Sync for Kept {}

impl Kept {
    /// Nothing yet, of a process runtime's.
    pub fn of(runtime: &Runtime) -> Kept {
        Kept { runtime: runtime.shared(), object: Cell::new(None) }
    }

    /// Whose object it is.
    pub fn runtime(&self) -> &Runtime {
        &self.runtime
    }

    /// Pushes an object of a class with one place, and has the state keep it, with the value at `index` in that place, if
    /// `begin` succeeds, which may call for it at once.
    ///
    /// # Errors
    ///
    /// Memory is short; what `begin` says is the inner result.
    pub fn keep<T: Object>(
        &self,
        state: State<'_>,
        object: T,
        index: core::ffi::c_int,
        begin: impl FnOnce() -> Result,
    ) -> lua::Result<Result> {
        state.push(object)?;
        let object = state.top();
        state.push_value(index);
        state.set_user_value(object, 1);
        state.push_value(object);
        let reference = state.reference()?;
        self.object.set(Some(reference));
        let begun = begin();
        if begun.is_err() {
            self.release(state);
        }
        Ok(begun)
    }

    /// Pushes the value; whether it is kept, else nothing is pushed.
    pub fn push(&self, state: State<'_>) -> bool {
        let Some(object) = self.object.get() else { return false };
        state.push_reference(&object);
        state.get_user_value(-1, 1);
        true
    }

    /// The state keeps the object no longer.
    pub fn release(&self, state: State<'_>) {
        if let Some(object) = self.object.take() {
            state.release(object);
        }
    }

    /// The state goes, and what it keeps.
    pub fn forget(&self) {
        self.object.set(None);
    }
}
