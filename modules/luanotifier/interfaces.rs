// SPDX-License-Identifier: MIT OR GPL-2.0-only
//! A script that hears of network interfaces, and interfaces.c's functions, safe.

use core::ffi::{c_char, c_int, c_void, CStr};
use core::ptr;
use core::sync::atomic::{AtomicPtr, Ordering};
use kernel::error::to_result;
use kernel::prelude::*;
use kernel::sync::Arc;
use lua::State;
use lunatik_core::{Kept, Runtime};

extern "C" {
    fn luanotifier_begin() -> c_int;
    fn luanotifier_end();
    fn luanotifier_listen(body: *mut c_void, made: *mut *mut c_void) -> c_int;
    fn luanotifier_take(listener: *mut c_void, event: *mut i64, name: *mut [u8; NAME]) -> bool;
    fn luanotifier_go_on(listener: *mut c_void);
    fn luanotifier_leave(listener: *mut c_void);
}

/// Bytes of an interface's name, with the zero at its end.
const NAME: usize = 16;

/// Workers tell events while this lives.
pub(crate) struct Workers(());

impl Workers {
    pub(crate) fn new() -> Result<Workers> {
        // SAFETY: Called once, by the module's init.
        to_result(unsafe { luanotifier_begin() })?;
        Ok(Workers(()))
    }
}

impl Drop for Workers {
    fn drop(&mut self) {
        // SAFETY: Made in `new`; scripts keep the module, so nobody listens any more.
        unsafe { luanotifier_end() }
    }
}

/// A script's notifier, whose object keeps the function, and the events that it hears.
///
/// # Invariants
///
/// `listener` is null, or what `luanotifier_listen` made and nobody has left.
pub(crate) struct Body {
    pub(crate) kept: Kept,
    listener: AtomicPtr<c_void>,
}

impl Body {
    /// One that hears nothing yet.
    pub(crate) fn new(runtime: &Runtime) -> Result<Arc<Body>> {
        Ok(Arc::new(Body { kept: Kept::of(runtime), listener: AtomicPtr::new(ptr::null_mut()) }, GFP_KERNEL)?)
    }

    /// Begins to hear. Sleeps.
    pub(crate) fn listen(this: &Arc<Body>) -> Result {
        let (share, mut made) = (Arc::into_raw(this.clone()), ptr::null_mut());
        // SAFETY: The share is the listener's until `luanotifier_drop`.
        if let Err(errno) = to_result(unsafe { luanotifier_listen(share.cast_mut().cast(), &mut made) }) {
            // SAFETY: There is no listener, so the share is ours.
            drop(unsafe { Arc::from_raw(share) });
            return Err(errno);
        }
        this.listener.store(made, Ordering::Release);
        Ok(())
    }

    /// Tells of the interfaces that are there, at the script's own call; all that is heard later, workers tell.
    pub(crate) fn tell_first(&self, state: State<'_>, function: c_int) -> lua::Result {
        let (mut event, mut name) = (0, [0; NAME]);
        // The script may stop it meanwhile.
        let take = |event: &mut i64, name: &mut [u8; NAME]| {
            let listener = self.listener.load(Ordering::Acquire);
            // SAFETY: By the invariants; who leaves is in this state, as this task is.
            !listener.is_null() && unsafe { luanotifier_take(listener, event, name) }
        };
        while take(&mut event, &mut name) {
            state.spend(1)?;
            let name = CStr::from_bytes_until_nul(&name).unwrap_or(c"");
            Runtime::attempt(state, |state| {
                state.push_value(function);
                let arguments = state.push((event, name))?;
                state.call_traced(arguments, 0)
            })?;
        }
        let listener = self.listener.load(Ordering::Acquire);
        if !listener.is_null() {
            // SAFETY: As above.
            unsafe { luanotifier_go_on(listener) };
        }
        Ok(())
    }

    /// Hears no more. Sleeps.
    pub(crate) fn leave(&self) {
        let listener = self.listener.swap(ptr::null_mut(), Ordering::AcqRel);
        if !listener.is_null() {
            // SAFETY: By the invariants.
            unsafe { luanotifier_leave(listener) };
        }
    }

    fn event(&self, event: i64, name: &CStr) {
        // That the script is stopped, or fails, is told elsewhere.
        let _ = self.kept.runtime().serve(|state| {
            if !self.kept.push(state) {
                return Ok(());
            }
            let arguments = state.push((event, name))?;
            state.call_traced(arguments, 0)
        });
    }
}

/// See shim.h.
#[no_mangle]
unsafe extern "C" fn luanotifier_event(body: *mut c_void, event: i64, name: *const c_char) {
    // SAFETY: interfaces.c passes its share of the body, and a name that ends in zero.
    unsafe { (*body.cast::<Body>()).event(event, CStr::from_ptr(name)) }
}

/// See shim.h.
#[no_mangle]
unsafe extern "C" fn luanotifier_drop(body: *mut c_void) {
    // SAFETY: The share that `listen` gave away.
    drop(unsafe { Arc::from_raw(body.cast_const().cast::<Body>()) });
}
