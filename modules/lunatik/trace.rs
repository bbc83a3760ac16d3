// SPDX-License-Identifier: MIT OR GPL-2.0-only
//! Where a script was when it failed: written down before the virtual machine unwinds the stack.

use core::cell::{Cell, UnsafeCell};
use core::ffi::c_int;
use core::fmt::{self, Write};
use kernel::alloc::{
    flags::{__GFP_NOWARN, GFP_ATOMIC},
    KVec,
};
use lua::{ffi, State};

use crate::slot::Slot;

/// As many calls are told, from the innermost one.
const LEVELS: c_int = 10;
/// Bytes of all of them.
const LENGTH: usize = 640;

/// What one state's last failed call left.
///
/// # Invariants
///
/// Used by who runs the state, in no more than one function at a time.
pub(crate) struct Trace {
    text: UnsafeCell<KVec<u8>>,
    taken: Cell<bool>,
}

impl Trace {
    pub(crate) const fn new() -> Trace {
        Trace { text: UnsafeCell::new(KVec::new()), taken: Cell::new(false) }
    }

    /// Writes down where the script is, unless it did so since the last [`Trace::clear`]: an error
    /// that comes again on its way out happened further in.
    fn take(&self, state: State<'_>) {
        if self.taken.replace(true) {
            return;
        }
        // SAFETY: By the invariants.
        let text = unsafe { &mut *self.text.get() };
        // Without memory there is no traceback.
        if text.reserve(LENGTH, GFP_ATOMIC | __GFP_NOWARN).is_err() {
            return;
        }
        let mut cut = Cut(text);
        for level in 0..LEVELS {
            let Some(frame) = state.frame(level) else { return };
            if write!(cut, "\n\t{frame}").is_err() {
                return;
            }
        }
    }

    /// What was written down, as lines that each begin with a line break.
    pub(crate) fn text(&self) -> &[u8] {
        // SAFETY: By the invariants.
        unsafe { &*self.text.get() }
    }

    /// Forgets it.
    pub(crate) fn clear(&self) {
        self.taken.set(false);
        // SAFETY: By the invariants; bytes have nothing to drop.
        unsafe { (*self.text.get()).set_len(0) };
    }
}

/// Text as far as there is room.
struct Cut<'a>(&'a mut KVec<u8>);

impl Write for Cut<'_> {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        for byte in text.bytes() {
            if self.0.len() == LENGTH {
                return Err(fmt::Error);
            }
            // There is room, so no memory is asked for.
            self.0.push(byte, GFP_ATOMIC).map_err(|_| fmt::Error)?;
        }
        Ok(())
    }
}

/// The virtual machine is about to unwind the stack.
#[no_mangle]
unsafe extern "C" fn lua_kraised(l: *mut ffi::lua_State) {
    // SAFETY: The virtual machine passes the thread that runs.
    let state = unsafe { State::from_raw(l) };
    let slot = Slot::of(state);
    // In a task, errors carry their traceback with them.
    if slot.atomic() {
        slot.trace.take(state);
    }
}
