// SPDX-License-Identifier: MIT OR GPL-2.0-only
//! The function that a script attached, and what it is lent for a call.

use core::any::Any;
use core::cell::Cell;
use core::ffi::c_int;
use core::ptr;
use core::sync::atomic::{AtomicBool, AtomicPtr, Ordering};
use kernel::prelude::*;
use key::Key;
use lua::{FromLua, State};
use luadata_main::Lent;
use lunatik_core::{boxed, Attachment, Callback, Fail, Verdict};

use crate::packet::{DROP, PASS, REDIRECT};
use crate::scripts;
use crate::sys::{remember, Packet};

/// A script's function for XDP.
///
/// # Invariants
///
/// It does not move. `places` has a place for each CPU, used by that CPU only once the script
/// has loaded.
pub(crate) struct Attached {
    callback: Callback,
    /// The script's name, by which programs call it.
    name: KVec<u8>,
    /// Of the name.
    pub(crate) hash: u64,
    /// As programs know it, and the one that it replaces.
    pub(crate) id: u64,
    pub(crate) after_name: AtomicPtr<Attached>,
    pub(crate) after_id: AtomicPtr<Attached>,
    detached: AtomicBool,
    /// The action of failed calls, unless it is the runtime's.
    fail: Option<u32>,
    places: KVec<Place>,
}

/// What one CPU's state is lent.
///
/// # Invariants
///
/// `attached` is null or the owner. `packet` is there during a call only.
pub(crate) struct Place {
    attached: Cell<*const Attached>,
    buffer: Lent,
    argument: Lent,
    packet: Cell<Option<Packet>>,
    redirected: Cell<bool>,
}

// SAFETY: `places` are per CPU, by the invariants; all else is atomic or read-only.
unsafe impl Send for Attached {}
// SAFETY: As above.
unsafe impl Sync for Attached {}

/// A call's argument beside the packet: memory of the eBPF program.
#[derive(Clone, Copy)]
pub(crate) struct Argument {
    base: *mut u8,
    length: usize,
}

impl Argument {
    /// # Safety
    ///
    /// The bytes are there, to read and write, until the call that this is for returns.
    pub(crate) unsafe fn new(base: *mut u8, length: usize) -> Argument {
        Argument { base, length }
    }
}

impl Place {
    fn new() -> Place {
        Place {
            attached: Cell::new(ptr::null()),
            buffer: Lent::new(),
            argument: Lent::new(),
            packet: Cell::new(None),
            redirected: Cell::new(false),
        }
    }

    /// The packet that is being handled.
    pub(crate) fn packet(&self) -> Option<Packet> {
        self.packet.get()
    }

    /// Whose place it is.
    pub(crate) fn attached(&self) -> Option<&Attached> {
        // SAFETY: By the invariants.
        unsafe { self.attached.get().as_ref() }
    }

    /// Notes that the script said where XDP_REDIRECT goes.
    pub(crate) fn set_redirected(&self) {
        self.redirected.set(true);
    }

    /// Shows the packet as it is now.
    #[inline]
    pub(crate) fn renew(&self, packet: Packet) -> lua::Result {
        let (base, length) = packet.linear();
        // SAFETY: A packet is ours during its call, which closes the windows at its end.
        unsafe { self.buffer.open(base, length) }
    }

    /// Pushes the arguments of a call.
    #[inline]
    fn lend(&self, state: State<'_>, packet: Packet, argument: Option<Argument>) -> lua::Result<c_int> {
        self.packet.set(Some(packet));
        self.redirected.set(false);
        self.renew(packet)?;
        self.buffer.push(state);
        let Some(Argument { base, length }) = argument else { return Ok(1) };
        // SAFETY: By the promise of `Argument::new`; the window is closed at the end of the call.
        unsafe { self.argument.open(base, length)? };
        self.argument.push(state);
        Ok(2)
    }

    #[inline]
    fn take_back(&self) {
        self.packet.set(None);
        self.buffer.close();
        self.argument.close();
    }
}

impl Attached {
    /// What [`lunatik_core::attach`] is to make.
    pub(crate) fn make(callback: Callback, fail: Option<u32>) -> Result<KBox<dyn Attachment>> {
        let mut places = KVec::new();
        for _ in 0..callback.cpus() {
            places.push(Place::new(), GFP_KERNEL)?;
        }
        let mut name = KVec::new();
        name.extend_from_slice(callback.runtime().name().to_bytes(), GFP_KERNEL)?;
        let hash = Key::of(&name).hash();
        let id = scripts::number(&name);
        let attached = KBox::new(
            Attached {
                callback,
                name,
                hash,
                id,
                after_name: AtomicPtr::new(ptr::null_mut()),
                after_id: AtomicPtr::new(ptr::null_mut()),
                detached: AtomicBool::new(false),
                fail,
                places,
            },
            GFP_KERNEL,
        )?;
        scripts::add(&attached)?;
        Ok(boxed(attached))
    }

    /// Makes what calls on this CPU are lent. The script is loading.
    pub(crate) fn prepare(&self, state: State<'_>, cpu: usize) -> lua::Result {
        let place = self.places.get(cpu).ok_or(lua::Kind::Failed)?;
        place.buffer.prepare(state)?;
        place.argument.prepare(state)?;
        remember::<Place>(state, place)?;
        place.attached.set(self);
        Ok(())
    }

    /// The script's name.
    #[inline]
    pub(crate) fn name(&self) -> &[u8] {
        &self.name
    }

    /// Ends it before its script ends.
    pub(crate) fn detach(&self) {
        self.detached.store(true, Ordering::Relaxed);
    }

    /// Whether it is not called any more.
    pub(crate) fn is_detached(&self) -> bool {
        self.detached.load(Ordering::Relaxed)
    }

    /// Whether it was made with this one.
    pub(crate) fn fails_with(&self, fail: Option<u32>) -> bool {
        self.fail == fail
    }

    /// The action for a call that fails.
    pub(crate) fn fail(&self) -> u32 {
        match (self.fail, self.callback.runtime().fail()) {
            (Some(action), _) => action,
            (None, Fail::Accept) => PASS,
            (None, Fail::Drop) => DROP,
        }
    }

    /// Asks the script about a packet: one of XDP_*, or `None` if it fails. With `strict`,
    /// XDP_REDIRECT needs an interface that the script named. In one place for both who call it, so that
    /// the call is in line here.
    #[inline(never)]
    pub(crate) fn call(&self, packet: Packet, argument: Option<Argument>, strict: bool) -> Option<u32> {
        let place = |cpu: usize| self.places.get(cpu);
        self.callback.call(
            |state, cpu| place(cpu).ok_or(lua::Kind::Failed)?.lend(state, packet, argument),
            1,
            |state, ledger| match u32::from_lua(state, -1) {
                Ok(REDIRECT) if strict && !self.redirected(state) => {
                    Err(state.raise(format_args!("xdp: the function returned REDIRECT without xdp.redirect")))
                }
                Ok(action @ 0..=REDIRECT) => {
                    ledger.verdict(Verdict::xdp(action));
                    Ok(action)
                }
                _ => Err(state.raise(format_args!("xdp: the function returned no action (linux.xdp)"))),
            },
            |cpu| {
                if let Some(place) = place(cpu) {
                    place.take_back();
                }
            },
        )
    }

    fn redirected(&self, state: State<'_>) -> bool {
        // SAFETY: What is remembered is a place, which outlives its state.
        unsafe { crate::sys::recall::<Place>(state).as_ref() }.is_some_and(|place| place.redirected.get())
    }
}

impl Attachment for Attached {
    fn callback(&self) -> &Callback {
        &self.callback
    }

    fn as_any(&self) -> &dyn Any {
        self
    }

    fn start(&self) -> Result {
        if !self.is_detached() {
            scripts::publish(self);
        }
        Ok(())
    }

    fn stop(&self) {
        scripts::withdraw(self);
    }
}

impl Drop for Attached {
    fn drop(&mut self) {
        scripts::forget(self);
    }
}
