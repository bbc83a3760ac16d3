// SPDX-License-Identifier: MIT OR GPL-2.0-only
//! A script's function in the chain of keyboards or of terminals.

use core::any::Any;
use core::cell::Cell;
use core::ffi::{c_int, c_void};
use core::ptr;
use core::sync::atomic::{AtomicBool, Ordering};
use kernel::error::to_result;
use kernel::prelude::*;
use lua::FromLua;
use lunatik_core::{boxed, Attachment, Callback};

extern "C" {
    fn luanotifier_new(hook: *mut c_void, keyboard: bool) -> *mut c_void;
    fn luanotifier_delete(chain: *mut c_void);
    fn luanotifier_register(chain: *mut c_void) -> c_int;
    fn luanotifier_unregister(chain: *mut c_void);
}

const NOTIFY_DONE: c_int = 0;
/// Bits of what is no answer.
const NOTIFY_BITS: c_int = 0x8003;

/// Which chain.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Chain {
    Keyboard,
    Terminal,
}

/// # Invariants
///
/// `chain` was made with the address of this, which does not move.
pub(crate) struct Hook {
    callback: Callback,
    which: Chain,
    chain: Cell<*mut c_void>,
    registered: AtomicBool,
}

// SAFETY: `chain` changes in `attach` and drop only.
unsafe impl Send for Hook {}
// SAFETY: As above.
unsafe impl Sync for Hook {}

impl Hook {
    pub(crate) fn attach(callback: Callback, which: Chain) -> Result<KBox<dyn Attachment>> {
        let (chain, registered) = (Cell::new(ptr::null_mut()), AtomicBool::new(false));
        let hook = KBox::new(Hook { callback, which, chain, registered }, GFP_KERNEL)?;
        let address = ptr::from_ref::<Hook>(&hook).cast_mut().cast();
        // SAFETY: The box keeps the address until it is dropped, which unregisters first.
        let chain = unsafe { luanotifier_new(address, which == Chain::Keyboard) };
        if chain.is_null() {
            return Err(ENOMEM);
        }
        hook.chain.set(chain);
        Ok(boxed(hook))
    }

    /// Whether it is at this chain.
    pub(crate) fn hears(&self, which: Chain) -> bool {
        self.which == which
    }

    fn call(&self, [event, first, second, third]: [i64; 4]) -> c_int {
        if self.callback.is_silent() {
            return NOTIFY_DONE;
        }
        let answer = self.callback.call(
            |state, _| match self.which {
                Chain::Keyboard => Ok(state.push((event, first != 0))? + state.push((second != 0, third))?),
                Chain::Terminal => Ok(state.push((event, first))? + state.push(second)?),
            },
            1,
            |state, _| match Option::<c_int>::from_lua(state, 1) {
                Ok(answer) if answer.is_none_or(|answer| answer & !NOTIFY_BITS == 0) => Ok(answer),
                _ => Err(state.raise(format_args!("the function returned no answer (linux.notify)"))),
            },
            |_| {},
        );
        answer.flatten().unwrap_or(NOTIFY_DONE)
    }
}

impl Attachment for Hook {
    fn callback(&self) -> &Callback {
        &self.callback
    }

    fn as_any(&self) -> &dyn Any {
        self
    }

    fn start(&self) -> Result {
        // SAFETY: Made in `attach`, not registered yet.
        to_result(unsafe { luanotifier_register(self.chain.get()) })?;
        self.registered.store(true, Ordering::Release);
        Ok(())
    }

    fn stop(&self) {
        if self.registered.swap(false, Ordering::AcqRel) {
            // SAFETY: It is registered.
            unsafe { luanotifier_unregister(self.chain.get()) };
        }
    }
}

impl Drop for Hook {
    fn drop(&mut self) {
        self.stop();
        // SAFETY: Made in `attach` or null, and not registered.
        unsafe { luanotifier_delete(self.chain.get()) };
    }
}

/// See shim.h.
#[no_mangle]
unsafe extern "C" fn luanotifier_call(hook: *mut c_void, values: *const [i64; 4]) -> c_int {
    // SAFETY: The chain carries the address of a Hook, which unregisters before it goes; chains.c
    // passes four values.
    unsafe { (*hook.cast::<Hook>()).call(*values) }
}
