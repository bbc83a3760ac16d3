// SPDX-License-Identifier: MIT OR GPL-2.0-only
//! One netfilter hook and the Lua function behind it.

use core::any::Any;
use core::cell::Cell;
use core::ffi::{c_int, c_uint, c_void};
use core::ops::Range;
use core::ptr;
use core::sync::atomic::{AtomicBool, Ordering};
use kernel::error::to_result;
use kernel::prelude::*;
use lua::{FromLua, IntoLua, Reference, State};
use luaskb_main::{Buffer, Skb};
use lunatik_core::{boxed, Attachment, Callback, Fail, Verdict};

use crate::gate::Gate;

extern "C" {
    fn luanetfilter_new(hook: *mut c_void, place: *const Place) -> *mut c_void;
    fn luanetfilter_delete(registration: *mut c_void);
    fn luanetfilter_register(registration: *mut c_void) -> c_int;
    fn luanetfilter_unregister(registration: *mut c_void);
    fn luanetfilter_is_there(device: *const Device) -> bool;
    fn luanetfilter_points(family: c_uint, device: bool, first: *mut c_uint, end: *mut c_uint);
    fn luanetfilter_mark(skb: *mut c_void, mark: u32);
}

const NF_DROP: c_uint = 0;
const NF_ACCEPT: c_uint = 1;
const NF_QUEUE: c_uint = 3;
const NF_STOP: c_uint = 5;
/// Above it, QUEUE has the queue's number.
const VERDICT_MASK: c_uint = 0xff;

/// Whether the kernel knows what to do with it, at a place where packets can wait for user space or not.
pub(crate) fn is_verdict(verdict: c_uint, queues: bool) -> bool {
    matches!(verdict, NF_DROP | NF_ACCEPT | NF_STOP) || queues && verdict & VERDICT_MASK == NF_QUEUE
}

/// The kernel has given up STOP, whose packets go on.
fn for_the_kernel(verdict: c_uint) -> c_uint {
    if verdict == NF_STOP {
        NF_ACCEPT
    } else {
        verdict
    }
}

/// A device's name and a zero.
pub(crate) type Device = [u8; 16];

/// Whether the network namespace of this task has it.
pub(crate) fn is_there(device: &Device) -> bool {
    // SAFETY: A name ends in zero, which is what is left of the sixteen.
    unsafe { luanetfilter_is_there(device) }
}

/// Where a hook sits: `struct luanetfilter_place`.
#[derive(Clone, Copy, PartialEq, Eq)]
#[repr(C)]
pub(crate) struct Place {
    pub(crate) family: u8,
    pub(crate) point: u8,
    /// Whether connections are tracked for it.
    pub(crate) track: bool,
    /// The device that it is of, or nothing but zeros.
    pub(crate) device: Device,
    pub(crate) priority: c_int,
}

impl Place {
    /// Whether packets can wait here for user space.
    fn queues(&self) -> bool {
        self.device[0] == 0
    }
}

/// The hook points of a family, at a device or not; none for a number that is no family of ours.
pub(crate) fn points(family: u32, device: bool) -> Range<u32> {
    let (mut first, mut end) = (0, 0);
    // SAFETY: Both are ours.
    unsafe { luanetfilter_points(family, device, &mut first, &mut end) };
    first..end
}

/// A hook.
///
/// # Invariants
///
/// `registration` was made with the address of this, which does not move. `packets` has a place for
/// each CPU, used by that CPU only, holding null or an object in the registry of its state.
/// `gate` is the first field: shim.c looks there before it calls [`luanetfilter_verdict`].
#[repr(C)]
pub(crate) struct Hook {
    gate: Gate,
    callback: Callback,
    place: Place,
    /// The verdict of failed calls, unless it is the runtime's.
    fail: Option<c_uint>,
    registration: Cell<*mut c_void>,
    registered: AtomicBool,
    packets: KVec<Packet>,
}

struct Packet {
    object: Cell<*const Skb>,
    reference: Cell<Reference>,
}

// SAFETY: `packets` are per CPU, by the invariants; `registration` changes in `attach` and drop only.
unsafe impl Send for Hook {}
// SAFETY: As above.
unsafe impl Sync for Hook {}

impl Hook {
    /// `mark`: only packets with it, unless 0. `fail`: the verdict of failed calls, unless it is the runtime's.
    pub(crate) fn attach(
        callback: Callback,
        place: Place,
        mark: u32,
        fail: Option<c_uint>,
    ) -> Result<KBox<dyn Attachment>> {
        let mut packets = KVec::new();
        for _ in 0..callback.cpus() {
            packets.push(
                Packet { object: Cell::new(ptr::null()), reference: Cell::new(Reference::default()) },
                GFP_KERNEL,
            )?;
        }
        let hook = Hook {
            gate: Gate::new(mark),
            callback,
            place,
            fail,
            registration: Cell::new(ptr::null_mut()),
            registered: AtomicBool::new(false),
            packets,
        };
        let hook = KBox::new(hook, GFP_KERNEL)?;
        let address = ptr::from_ref::<Hook>(&hook).cast_mut().cast();
        // SAFETY: The box keeps the address until it is dropped, which unregisters first.
        let registration = unsafe { luanetfilter_new(address, &place) };
        if registration.is_null() {
            return Err(ENOMEM);
        }
        hook.registration.set(registration);
        Ok(boxed(hook))
    }

    /// Whether it was attached with these.
    pub(crate) fn is_for(&self, place: &Place, mark: u32, fail: Option<c_uint>) -> bool {
        self.place == *place && self.gate.mark() == mark && self.fail == fail
    }

    /// Asks the script about a packet that the gate lets in.
    #[inline]
    fn verdict(&self, skb: *mut c_void) -> c_uint {
        let decision = Cell::new(None);
        let answer = self.callback.call(
            |state, cpu| self.push(state, cpu, skb),
            lua::ALL,
            |state, ledger| {
                // STOLEN (2) would leak a packet that nobody stole, and the kernel itself leaks the
                // packet of REPEAT (4), which only answers a queue: both are no verdicts here.
                match u32::from_lua(state, 1) {
                    Ok(verdict) if is_verdict(verdict, self.place.queues()) => {
                        let mark = Option::<u32>::from_lua(state, 2)?;
                        ledger.verdict(Verdict::netfilter(verdict));
                        Ok((verdict, mark))
                    }
                    _ => Err(state.raise(format_args!("the hook's function returned no verdict (linux.nf.action)"))),
                }
            },
            |cpu| {
                // SAFETY: By the invariants null or alive.
                if let Some(packet) = self.packets.get(cpu).and_then(|packet| unsafe { packet.object.get().as_ref() }) {
                    decision.set(packet.decision());
                    packet.revoke();
                }
            },
        );
        match answer {
            Some((verdict, mark)) => {
                if let Some(mark) = mark {
                    // SAFETY: Netfilter's packet is valid, and ours during the call.
                    unsafe { luanetfilter_mark(skb, mark) };
                }
                if let Some(decision) = decision.get() {
                    // SAFETY: As above.
                    unsafe { self.gate.decide(skb, decision) };
                }
                for_the_kernel(verdict)
            }
            None => match (self.fail, self.callback.runtime().fail()) {
                (Some(verdict), _) => for_the_kernel(verdict),
                (None, Fail::Accept) => NF_ACCEPT,
                (None, Fail::Drop) => NF_DROP,
            },
        }
    }

    /// Pushes this CPU's packet object, showing this packet.
    #[inline]
    fn push(&self, state: State<'_>, cpu: usize, skb: *mut c_void) -> lua::Result<c_int> {
        let packet = self.packets.get(cpu).ok_or(lua::Kind::Failed)?;
        if packet.object.get().is_null() {
            Skb::empty().push(state)?;
            state.push_value(-1);
            packet.reference.set(state.reference()?);
            packet.object.set(<&Skb>::from_lua(state, -1)?);
        } else {
            state.push_reference(&packet.reference.get());
        }
        // SAFETY: The object is in the registry, so alive; the packet is ours until `after`
        // of the call revokes it.
        unsafe { (*packet.object.get()).lend(Buffer::from_raw(skb)) };
        Ok(1)
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
        to_result(unsafe { luanetfilter_register(self.registration.get()) })?;
        self.registered.store(true, Ordering::Release);
        Ok(())
    }

    fn stop(&self) {
        if self.registered.swap(false, Ordering::AcqRel) {
            // SAFETY: It is registered.
            unsafe { luanetfilter_unregister(self.registration.get()) };
            self.gate.forget();
        }
    }
}

impl Drop for Hook {
    fn drop(&mut self) {
        self.stop();
        // SAFETY: Made in `attach` or null, and not registered.
        unsafe { luanetfilter_delete(self.registration.get()) };
    }
}

/// See shim.h. The packet has passed the gate.
#[no_mangle]
unsafe extern "C" fn luanetfilter_verdict(hook: *mut c_void, skb: *mut c_void) -> c_uint {
    // SAFETY: A registration carries the address of a Hook, which unregisters before it goes.
    unsafe { &*hook.cast::<Hook>() }.verdict(skb)
}
