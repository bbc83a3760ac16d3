// SPDX-License-Identifier: MIT OR GPL-2.0-only
//! A script's function at a probe, and the C side's functions, safe.

use core::any::Any;
use core::cell::Cell;
use core::ffi::{c_char, c_int, c_uint, c_void, CStr};
use core::ptr::{self, NonNull};
use kernel::error::to_result;
use kernel::prelude::*;
use kernel::str::CString;
use lua::{Address, State};
use lunatik_core::{boxed, Attachment, Bound, Callback, Quota};

use crate::handlers;

extern "C" {
    fn luaprobe_begin() -> c_int;
    fn luaprobe_end();
    fn luaprobe_check(symbol: *const c_char, address: *mut c_void) -> c_int;
    fn luaprobe_new(hook: *mut c_void, symbol: *const c_char, address: *mut c_void, post: bool) -> *mut c_void;
    fn luaprobe_delete(probe: *mut c_void);
    fn luaprobe_start(probe: *mut c_void) -> c_int;
    fn luaprobe_stop(probe: *mut c_void);
    fn luaprobe_want(probe: *mut c_void, wanted: bool);
    fn luaprobe_rest(probe: *mut c_void);
    fn luaprobe_missed(probe: *mut c_void) -> u64;
    fn luaprobe_dump(script: *const c_char) -> bool;
    fn luaprobe_argument(n: c_uint, value: *mut u64) -> bool;
}

/// Room for the hits of each CPU.
pub(crate) struct Hits(());

impl Hits {
    pub(crate) fn new() -> Result<Hits> {
        // SAFETY: Called once, by the module's init.
        to_result(unsafe { luaprobe_begin() })?;
        Ok(Hits(()))
    }
}

impl Drop for Hits {
    fn drop(&mut self) {
        // SAFETY: Made in `new`; scripts keep the module, so no probe is left.
        unsafe { luaprobe_end() }
    }
}

/// Prints the hit that is being told on this CPU; whether there is one.
pub(crate) fn dump(script: &CStr) -> bool {
    // SAFETY: The name ends in zero.
    unsafe { luaprobe_dump(script.as_ptr()) }
}

/// An argument of the probed function, by that hit.
pub(crate) fn argument(n: u32) -> Option<u64> {
    let mut value = 0;
    // SAFETY: The value outlives the call.
    unsafe { luaprobe_argument(n, &mut value) }.then_some(value)
}

/// What is probed, as the script says it.
#[derive(Clone, Copy)]
pub(crate) enum Target<'a> {
    Symbol(&'a CStr),
    Address(Address),
}

impl Target<'_> {
    fn parts(&self) -> (*const c_char, *mut c_void) {
        match self {
            Target::Symbol(name) => (name.as_ptr(), ptr::null_mut()),
            Target::Address(address) => (ptr::null(), address.0),
        }
    }

    /// Whether the kernel lets it be probed. Sleeps.
    pub(crate) fn check(&self) -> Result {
        let (symbol, address) = self.parts();
        // SAFETY: A name ends in zero; of an address, the kernel looks what is there.
        to_result(unsafe { luaprobe_check(symbol, address) })
    }
}

/// As many are there at a time, of all scripts: the kernel looks through them all, now and then.
static HOOKS: Bound = Bound::new(|| 4096);

/// # Invariants
///
/// `probe` was made with the address of this, which does not move, and is not null once `attach` is through.
pub(crate) struct Hook {
    callback: Callback,
    /// What the function is told; an address if it is none.
    symbol: Option<CString>,
    address: Address,
    post: bool,
    probe: Cell<*mut c_void>,
    _quota: Quota,
}

// SAFETY: `probe` changes in `attach` and drop only; the C side's functions may be called everywhere.
unsafe impl Send for Hook {}
// SAFETY: As above.
unsafe impl Sync for Hook {}

impl Hook {
    pub(crate) fn attach(callback: Callback, target: Target<'_>, post: bool) -> Result<KBox<dyn Attachment>> {
        let (symbol, address) = match target {
            Target::Symbol(name) => {
                (Some(CString::try_from_fmt(kernel::fmt!("{}", Name(name)))?), Address(ptr::null_mut()))
            }
            Target::Address(address) => (None, address),
        };
        let _quota = HOOKS.quota(1).ok_or(ENOSPC)?;
        let probe = Cell::new(ptr::null_mut());
        let hook = KBox::new(Hook { callback, symbol, address, post, probe, _quota }, GFP_KERNEL)?;
        let this = ptr::from_ref::<Hook>(&hook).cast_mut().cast();
        let (name, address) = target.parts();
        // SAFETY: The box keeps the address until it is dropped, which stops first; the name is copied.
        let probe = unsafe { luaprobe_new(this, name, address, post) };
        if probe.is_null() {
            return Err(ENOMEM);
        }
        hook.probe.set(probe);
        Ok(boxed(hook))
    }

    /// Whether it was attached with these.
    pub(crate) fn is_for(&self, target: &Target<'_>, post: bool) -> bool {
        let same = match target {
            Target::Symbol(name) => self.symbol.as_ref().is_some_and(|symbol| symbol.as_bytes() == name.to_bytes()),
            Target::Address(address) => self.symbol.is_none() && self.address.0 == address.0,
        };
        same && self.post == post
    }

    /// Whether its function is to be called, from now on. In every context.
    pub(crate) fn want(&self, wanted: bool) {
        // SAFETY: By the invariants.
        unsafe { luaprobe_want(self.probe.get(), wanted) }
    }

    /// Its function is not called any more. In every context.
    pub(crate) fn silence(&self) {
        self.callback.silence();
        self.want(false);
    }

    /// Whether that was said.
    pub(crate) fn is_silent(&self) -> bool {
        self.callback.is_silent()
    }

    /// Hits that its function was not told of.
    pub(crate) fn missed(&self) -> u64 {
        // SAFETY: By the invariants.
        unsafe { luaprobe_missed(self.probe.get()) }
    }

    /// With interrupts off.
    fn call(&self) {
        if self.callback.is_silent() {
            return;
        }
        if self.callback.runtime().is_quarantined() {
            // SAFETY: By the invariants.
            unsafe { luaprobe_rest(self.probe.get()) };
        }
        let push = |state: State<'_>, _: usize| -> lua::Result<c_int> {
            let target = match &self.symbol {
                Some(symbol) => state.push(symbol.as_bytes())?,
                None => state.push(self.address)?,
            };
            Ok(target + handlers::push(state))
        };
        // A failure is counted, and told elsewhere.
        let _ = self.callback.call(push, 0, |_, _| Ok(()), |_| {});
    }
}

/// A name that may be any bytes, for the kernel's own have one encoding.
struct Name<'a>(&'a CStr);

impl core::fmt::Display for Name<'_> {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.write_str(self.0.to_str().unwrap_or("?"))
    }
}

impl Attachment for Hook {
    fn callback(&self) -> &Callback {
        &self.callback
    }

    fn is_probe(&self) -> bool {
        true
    }

    fn as_any(&self) -> &dyn Any {
        self
    }

    fn start(&self) -> Result {
        // SAFETY: By the invariants, and it is not started yet.
        to_result(unsafe { luaprobe_start(self.probe.get()) })
    }

    fn stop(&self) {
        // SAFETY: By the invariants; it may be stopped already.
        unsafe { luaprobe_stop(self.probe.get()) }
    }
}

impl Drop for Hook {
    fn drop(&mut self) {
        if let Some(probe) = NonNull::new(self.probe.get()) {
            // SAFETY: By the invariants; stopped, nobody calls it any more.
            unsafe {
                luaprobe_stop(probe.as_ptr());
                luaprobe_delete(probe.as_ptr());
            }
        }
    }
}

/// See shim.h.
#[no_mangle]
unsafe extern "C" fn luaprobe_call(hook: *mut c_void) {
    // SAFETY: The probe carries the address of a Hook, which stops before it goes.
    unsafe { (*hook.cast::<Hook>()).call() }
}
