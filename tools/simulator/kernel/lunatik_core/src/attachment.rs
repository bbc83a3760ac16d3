// SPDX-License-Identifier: MIT OR GPL-2.0-only
//! What scripts attach, and the Lua functions behind it.

use std::any::Any;
use std::cell::Cell;
use std::ffi::c_int;
use std::ptr::NonNull;

use kernel::alloc::KBox;
use kernel::error::Result;
use lua::{Function, Reference, State};

use crate::ledger::{Fault, Ledger};
use crate::Runtime;

/// A script has no more hooks.
const MOST: usize = 16;

/// A hook or the like. It is made while the script loads, started when all of it has loaded, and
/// stopped before its state closes.
pub trait Attachment {
    /// The function that it calls.
    fn callback(&self) -> &Callback;

    /// This, for who made it and knows what it is.
    fn as_any(&self) -> &dyn Any;

    /// Begins calling.
    ///
    /// # Errors
    ///
    /// It is refused.
    fn start(&self) -> Result;

    /// Ends calling. Harmless without `start`.
    fn stop(&self);
}

/// An attachment of whatever kind.
#[must_use]
pub fn boxed<A: Attachment + 'static>(attachment: KBox<A>) -> KBox<dyn Attachment> {
    let thin: *mut A = KBox::into_raw(attachment);
    let wide: *mut dyn Attachment = thin;
    // SAFETY: It comes from into_raw.
    unsafe { KBox::from_raw(wide) }
}

/// One Lua function.
///
/// # Invariants
///
/// `runtime` owns the attachment that owns this.
pub struct Callback {
    runtime: NonNull<Runtime>,
    reference: Cell<Reference>,
}

impl Callback {
    /// How many CPUs it can be called on.
    #[must_use]
    pub fn cpus(&self) -> usize {
        1
    }

    /// The runtime that owns it.
    #[must_use]
    pub fn runtime(&self) -> &Runtime {
        // SAFETY: By the invariants it outlives self.
        unsafe { self.runtime.as_ref() }
    }

    /// Calls the function: `push` pushes the arguments and counts them, `read` reads the `results`, and `after`
    /// takes back what was lent to the call. `None` when the script failed.
    pub fn call<R>(
        &self,
        push: impl FnOnce(State<'_>, usize) -> lua::Result<c_int>,
        results: c_int,
        read: impl FnOnce(State<'_>, &Ledger) -> lua::Result<R>,
        after: impl FnOnce(usize),
    ) -> Option<R> {
        self.runtime().enter(|state, ledger| {
            state.push_reference(&self.reference.get());
            let called = push(state, 0).and_then(|arguments| state.call_traced(arguments, results));
            after(0);
            called.map_err(|error| (Fault::Error, error))?;
            read(state, ledger).map_err(|error| (Fault::Verdict, error))
        })
    }
}

/// Else packets would meet a function that is not for them.
pub(crate) const OTHERS: &str =
    "the script registers other hooks, or in another order, on one CPU than on another (the order of pairs is no order)";

/// Whether the script is loading.
///
/// # Errors
///
/// It has loaded already.
pub fn check_loading(state: State<'_>) -> lua::Result {
    if !Runtime::of(state)?.is_loading() {
        return Err(state.raise(format_args!("hooks are registered while the script loads, not later")));
    }
    Ok(())
}

/// Attaches while a script loads. `alike`: whether what the script's first state made is what this one asks for.
/// Returns the attachment, and which CPU's state this is.
///
/// # Errors
///
/// The script has loaded already, or attached something else in its first state; it has too many; what `make` returns.
pub fn attach<'l, T: Attachment + 'static>(
    state: State<'l>,
    function: Function,
    alike: impl FnOnce(&T) -> bool,
    make: impl FnOnce(Callback) -> Result<KBox<dyn Attachment>>,
) -> lua::Result<(&'l T, usize)> {
    check_loading(state)?;
    let runtime = Runtime::of(state)?;
    if runtime.attached() >= MOST {
        return Err(state.raise(format_args!("a script has at most {MOST} hooks (module parameter hooks of lunatik)")));
    }
    if let Some(first) = runtime.of_first(runtime.attached()) {
        // SAFETY: The first state keeps it, and is there as long as this one.
        let first = first.map(|attachment| unsafe { attachment.as_ref() });
        if !first.and_then(|attachment| attachment.as_any().downcast_ref::<T>()).is_some_and(alike) {
            return Err(state.raise(format_args!("{OTHERS}")));
        }
    }
    state.push_value(function.0);
    let reference = Cell::new(state.reference()?);
    let made = make(Callback { runtime: NonNull::from(runtime), reference });
    let made = made.map_err(|errno| state.raise(format_args!("cannot register: error {}", -errno.to_errno())))?;
    let attachment = runtime.attach(made);
    // SAFETY: The runtime keeps it, in its box, as long as its state.
    let attachment: &'l dyn Attachment = unsafe { attachment.as_ref() };
    let attachment = attachment.as_any().downcast_ref::<T>().ok_or(lua::Kind::Failed)?;
    Ok((attachment, 0))
}
