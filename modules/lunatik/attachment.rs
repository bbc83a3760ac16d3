// SPDX-License-Identifier: MIT OR GPL-2.0-only
//! What scripts attach to the kernel, and the Lua functions that it calls.

use core::any::Any;
use core::cell::UnsafeCell;
use core::ffi::c_int;
use core::ptr::NonNull;
use core::sync::atomic::{AtomicBool, Ordering};
use kernel::alloc::{flags::GFP_KERNEL, KBox, KVec};
use kernel::error::Result;
use lua::{Function, Reference, State};

use crate::ledger::{Fault, Ledger};
use crate::slot::Slot;
use crate::{sys, Runtime};

/// A hook or the like. It is made while the script loads, started when all of the script
/// has loaded, and stopped before the script's states close.
pub trait Attachment: Send + Sync {
    /// The function that it calls.
    fn callback(&self) -> &Callback;

    /// Whether it is at a probe: those are many, and hooks, of which each costs each packet something, few.
    fn is_probe(&self) -> bool {
        false
    }

    /// This, for who made it and knows what it is.
    fn as_any(&self) -> &dyn Any;

    /// Begins calling.
    ///
    /// # Errors
    ///
    /// The kernel refuses.
    fn start(&self) -> Result;

    /// Ends calling; returns when no call is under way. Harmless without `start`.
    fn stop(&self);
}

/// An attachment of whatever kind, as its runtime keeps it. It stays where it is.
#[must_use]
pub fn boxed<A: Attachment + 'static>(attachment: KBox<A>) -> KBox<dyn Attachment> {
    let thin: *mut A = KBox::into_raw(attachment);
    let wide: *mut dyn Attachment = thin;
    // SAFETY: It comes from into_raw; boxes of this kernel do not coerce by themselves.
    unsafe { KBox::from_raw(wide) }
}

/// One Lua function, as each CPU's state has it.
///
/// # Invariants
///
/// `runtime` owns the attachment that owns this. `references` change only while loading.
pub struct Callback {
    runtime: NonNull<Runtime>,
    references: UnsafeCell<KVec<Reference>>,
    silent: AtomicBool,
}

// SAFETY: Read-only once the runtime is shared; Runtime is Sync.
unsafe impl Send for Callback {}
// SAFETY: As above.
unsafe impl Sync for Callback {}

impl Callback {
    fn new(runtime: &Runtime) -> Result<Callback> {
        let mut references = KVec::new();
        for _ in 0..sys::cpus() {
            references.push(Reference::default(), GFP_KERNEL)?;
        }
        Ok(Callback {
            runtime: NonNull::from(runtime),
            references: UnsafeCell::new(references),
            silent: AtomicBool::new(false),
        })
    }

    fn set(&self, cpu: usize, reference: Reference) {
        // SAFETY: Called by the task that loads the script, before anything is started.
        if let Some(place) = unsafe { &mut *self.references.get() }.get_mut(cpu) {
            *place = reference;
        }
    }

    /// How many CPUs it can be called on: their numbers are below this.
    pub fn cpus(&self) -> usize {
        sys::cpus() as usize
    }

    /// It is not to be called any more, on no CPU, though the script lives on: who would call looks
    /// at [`Callback::is_silent`].
    pub fn silence(&self) {
        self.silent.store(true, Ordering::Relaxed);
    }

    /// Whether that was said.
    pub fn is_silent(&self) -> bool {
        self.silent.load(Ordering::Relaxed)
    }

    /// The runtime that owns it.
    pub fn runtime(&self) -> &Runtime {
        // SAFETY: By the invariants it outlives self.
        unsafe { self.runtime.as_ref() }
    }

    /// Calls the function on this CPU's state: `push` pushes the arguments and counts them,
    /// `read` reads the `results` ([`lua::ALL`]: as many as there are), which stand at 1 and up,
    /// and writes into the books what they say, and `after` takes back, before anything else runs on this state, what was lent to the call.
    ///
    /// Returns `None` when the script failed: it is logged and counted, and the caller
    /// applies [`Runtime::fail`].
    #[inline]
    pub fn call<R>(
        &self,
        push: impl FnOnce(State<'_>, usize) -> lua::Result<c_int>,
        results: c_int,
        read: impl FnOnce(State<'_>, &Ledger) -> lua::Result<R>,
        after: impl FnOnce(usize),
    ) -> Option<R> {
        self.runtime().enter(|state, cpu, ledger| {
            let called = self.call_in(state, cpu, push, results);
            after(cpu);
            called.map_err(|error| (Fault::Error, error))?;
            read(state, ledger).map_err(|error| (Fault::Verdict, error))
        })
    }

    /// The same for a task that has the script do more than what a packet may have it do, as load a chunk. It
    /// does not sleep meanwhile.
    pub fn call_long<R>(
        &self,
        push: impl FnOnce(State<'_>, usize) -> lua::Result<c_int>,
        results: c_int,
        read: impl FnOnce(State<'_>) -> lua::Result<R>,
    ) -> Option<R> {
        self.runtime().enter_long(|state, cpu, _| {
            let called = self.call_in(state, cpu, push, results).and_then(|()| read(state));
            called.map_err(|error| (Fault::Error, error))
        })
    }

    #[inline(always)]
    fn call_in(
        &self,
        state: State<'_>,
        cpu: usize,
        push: impl FnOnce(State<'_>, usize) -> lua::Result<c_int>,
        results: c_int,
    ) -> lua::Result {
        // SAFETY: The runtime is ready, so the references are read-only.
        let reference = unsafe { &*self.references.get() }.get(cpu);
        reference.ok_or(lua::Kind::Failed.into()).and_then(|reference| {
            state.push_reference(reference);
            let arguments = push(state, cpu)?;
            state.call(arguments, results)
        })
    }
}

/// Else packets would meet a function that is not for them.
pub(crate) const OTHERS: &str =
    "the script registers other hooks, or in another order, on one CPU than on another (the order of pairs is no order)";

/// Whether the script is loading, in a task that has its namespaces: behind a hook there may be none. Who looks at the
/// task before [`attach`] asks this first.
///
/// # Errors
///
/// It has loaded already.
pub fn check_loading(state: State<'_>) -> lua::Result {
    if !Slot::of(state).loading.get() {
        return Err(state.raise(format_args!("hooks are registered while the script loads, not later")));
    }
    Ok(())
}

/// Attaches while a script loads: the same call in the body of each CPU's state makes one
/// attachment, which has each state's function. `alike`: whether what the first state made is what this
/// one asks for. Returns the attachment, and which CPU's state this is.
///
/// # Errors
///
/// The script has loaded already, or attached something else in another state; memory; what `make` returns.
pub fn attach<'l, T: Attachment + 'static>(
    state: State<'l>,
    function: Function,
    alike: impl FnOnce(&T) -> bool,
    make: impl FnOnce(Callback) -> Result<KBox<dyn Attachment>>,
) -> lua::Result<(&'l T, usize)> {
    check_loading(state)?;
    let slot = Slot::of(state);
    let runtime = Runtime::of(state)?;
    state.push_value(function.0);
    let reference = state.reference()?;
    let index = slot.attached.get();
    let failed = |errno| state.raise(format_args!("cannot register: {}", crate::errno::Shown(errno)));
    if slot.first {
        let callback = Callback::new(runtime).map_err(failed)?;
        let attachment = make(callback).map_err(failed)?;
        let (probe, limits) = (attachment.is_probe(), sys::limits());
        let (limit, kind) = if probe { (limits.probes, "probes") } else { (limits.hooks, "hooks") };
        let others = runtime.attachments().iter().filter(|other| other.is_probe() == probe).count();
        if others as u64 >= limit {
            return Err(
                state.raise(format_args!("a script has at most {limit} {kind} (module parameter {kind} of lunatik)"))
            );
        }
        runtime.attach(attachment).map_err(failed)?;
    }
    let attachment = runtime.attachments().get(index).and_then(|attachment| attachment.as_any().downcast_ref::<T>());
    let Some(attachment) = attachment.filter(|attachment| slot.first || alike(attachment)) else {
        return Err(state.raise(format_args!("{OTHERS}")));
    };
    let cpu = runtime.cpu_of(slot);
    attachment.callback().set(cpu, reference);
    slot.attached.set(index + 1);
    Ok((attachment, cpu))
}
