// SPDX-License-Identifier: MIT OR GPL-2.0-only
//! What the shims give, safe where it can be.

use core::ffi::{c_char, c_int, c_void, CStr};
use core::ptr::{self, NonNull};
use kernel::prelude::*;

extern "C" {
    fn luaxtables_new(owner: *mut c_void, name: *const c_char) -> *mut c_void;
    fn luaxtables_delete(of: *mut c_void);
    fn luaxtables_start(of: *mut c_void) -> c_int;
    fn luaxtables_stop(of: *mut c_void);
    fn luaxtables_show(of: *mut c_void, call: *mut Call) -> c_int;
    fn luaxtables_clock() -> u64;
    fn luaxtables_date() -> u64;
    fn luaxtables_set_mask(of: *mut c_void, set: u32, clear: u32);
    fn luaxtables_mask(of: *const c_void) -> u32;
    fn luaxtables_footprint(call: *const Call) -> usize;
    fn luaxtables_copy_new(of: *mut c_void, call: *const Call) -> *mut c_void;
    fn luaxtables_copy_delete(copy: *mut c_void);
    fn luaxtables_copy_send(copy: *mut c_void, payload: *const c_void, length: usize) -> c_int;
    fn luaxtables_reply(of: *mut c_void, call: *const Call, protocol: u8, text: *const c_void, length: usize) -> c_int;
    fn luaxtables_flow(call: *const Call, id: *mut u32) -> bool;
    fn luaxtables_flow_end(call: *const Call) -> c_int;
    fn luaxtables_find(of: *const c_void, tuple: *const RawTuple, error: *mut c_int) -> *mut c_void;
    fn luaxtables_found_id(flow: *const c_void) -> u32;
    fn luaxtables_found_traffic(flow: *mut c_void, reply: bool, packets: *mut u64, bytes: *mut u64) -> bool;
    fn luaxtables_found_end(flow: *mut c_void) -> bool;
    fn luaxtables_found_put(flow: *mut c_void);
    fn luaxtables_send(of: *const c_void, port: u32, group: bool, payload: *const c_void, length: usize) -> c_int;
    fn luaxtables_rules_init() -> c_int;
    fn luaxtables_rules_exit();
    fn luaxtables_scope_init() -> c_int;
    fn luaxtables_scope_exit();
    fn luaxtables_agent_init() -> c_int;
    fn luaxtables_agent_exit();
}

/// A negative errno.
pub(crate) type Errno = c_int;

fn checked(status: c_int) -> core::result::Result<(), Errno> {
    match status {
        error @ ..=-1 => Err(error),
        _ => Ok(()),
    }
}

/// What shim.h calls `struct luaxtables_call`: a packet that waits for a script's word.
#[repr(C)]
pub(crate) struct Call {
    skb: *mut c_void,
    function: *const c_char,
    family: u8,
    target: bool,
    payload: bool,
    pub(crate) frame: *mut u8,
    pub(crate) packet: *mut u8,
    pub(crate) frame_length: usize,
    pub(crate) packet_length: usize,
}

impl Call {
    /// The function that the rule names.
    pub(crate) fn function(&self) -> &[u8] {
        // SAFETY: The rule was checked to have a zero, and is there as long as the packet waits.
        unsafe { CStr::from_ptr(self.function) }.to_bytes()
    }

    /// Whether the rule is a target, and not a match.
    pub(crate) fn is_target(&self) -> bool {
        self.target
    }

    /// What a copy weighs.
    pub(crate) fn footprint(&self) -> usize {
        // SAFETY: The packet is valid as long as this.
        unsafe { luaxtables_footprint(self) }
    }

    /// The number of the packet's flow.
    pub(crate) fn flow(&self) -> Option<u32> {
        let mut id = 0;
        // SAFETY: The packet is valid as long as this; the place outlives the call.
        unsafe { luaxtables_flow(self, &mut id) }.then_some(id)
    }

    /// Forgets the packet's flow; whether there was one.
    pub(crate) fn end_flow(&self) -> bool {
        // SAFETY: The packet is valid as long as this.
        unsafe { luaxtables_flow_end(self) != 0 }
    }
}

/// What rules of a namespace find.
///
/// # Invariants
///
/// It comes from `luaxtables_new`.
pub(crate) struct Scope(NonNull<c_void>);

// SAFETY: What is in it is used by one CPU at a time, by whoever runs the script, or locked.
unsafe impl Send for Scope {}
// SAFETY: As above.
unsafe impl Sync for Scope {}

impl Scope {
    /// Whose packets `luaxtables_ask` gets with the owner.
    ///
    /// # Safety
    ///
    /// The owner, and its script's name, are there until this is dropped.
    pub(crate) unsafe fn new(owner: *mut c_void, name: &CStr) -> Result<Scope> {
        // SAFETY: No preconditions but the function's own.
        NonNull::new(unsafe { luaxtables_new(owner, name.as_ptr()) }).map(Scope).ok_or(ENOMEM)
    }

    /// Rules of this task's namespace ask it from here on. EBUSY: they ask another, of another name. Sleeps.
    pub(crate) fn start(&self) -> Result {
        // SAFETY: By the invariants.
        kernel::error::to_result(unsafe { luaxtables_start(self.0.as_ptr()) })
    }

    /// Returns when none asks any more. Sleeps.
    pub(crate) fn stop(&self) {
        // SAFETY: By the invariants.
        unsafe { luaxtables_stop(self.0.as_ptr()) }
    }

    /// Finds the bytes of a packet that its rule shows. What was found for another packet before is gone.
    pub(crate) fn show(&self, call: &mut Call) -> core::result::Result<(), Errno> {
        // SAFETY: By the invariants; the packet is valid, and ours.
        checked(unsafe { luaxtables_show(self.0.as_ptr(), call) })
    }

    pub(crate) fn set_mask(&self, set: u32, clear: u32) {
        // SAFETY: By the invariants.
        unsafe { luaxtables_set_mask(self.0.as_ptr(), set, clear) }
    }

    pub(crate) fn mask(&self) -> u32 {
        // SAFETY: By the invariants.
        unsafe { luaxtables_mask(self.0.as_ptr()) }
    }

    /// A copy of the packet; none without memory, or if there are too many.
    ///
    /// # Safety
    ///
    /// The copy is dropped before this.
    pub(crate) unsafe fn copy(&self, call: &Call) -> Option<Copy> {
        // SAFETY: By the invariants; the packet is valid as long as the call.
        NonNull::new(unsafe { luaxtables_copy_new(self.0.as_ptr(), call) }).map(Copy)
    }

    /// Answers the packet.
    pub(crate) fn reply(&self, call: &Call, protocol: u8, text: &[u8]) -> core::result::Result<(), Errno> {
        // SAFETY: By the invariants; pointer and length are a slice's, which is copied.
        let status = unsafe { luaxtables_reply(self.0.as_ptr(), call, protocol, text.as_ptr().cast(), text.len()) };
        checked(status)
    }

    /// The flow with such a direction.
    pub(crate) fn find(&self, tuple: &Tuple<'_>) -> core::result::Result<Flow, Errno> {
        let raw = RawTuple {
            family: tuple.family,
            protocol: tuple.protocol,
            source_port: tuple.source.1,
            destination_port: tuple.destination.1,
            source: tuple.source.0.as_ptr().cast(),
            destination: tuple.destination.0.as_ptr().cast(),
            source_length: tuple.source.0.len(),
            destination_length: tuple.destination.0.len(),
        };
        let mut error = 0;
        // SAFETY: By the invariants; what the arguments point to outlives the call.
        NonNull::new(unsafe { luaxtables_find(self.0.as_ptr(), &raw, &mut error) }).map(Flow).ok_or(error)
    }

    /// Sends a message to a port, or to the group.
    pub(crate) fn send(&self, to: Option<u32>, payload: &[u8]) -> core::result::Result<(), Errno> {
        let (port, bytes) = (to.unwrap_or(0), payload.as_ptr().cast());
        // SAFETY: By the invariants; pointer and length are a slice's, which is copied.
        checked(unsafe { luaxtables_send(self.0.as_ptr(), port, to.is_none(), bytes, payload.len()) })
    }
}

impl Drop for Scope {
    fn drop(&mut self) {
        // SAFETY: By the invariants; nobody uses it from here on, and all copies are gone.
        unsafe { luaxtables_delete(self.0.as_ptr()) }
    }
}

/// One direction of a flow: addresses as text, with their ports.
pub(crate) struct Tuple<'a> {
    pub(crate) family: u8,
    pub(crate) protocol: u8,
    pub(crate) source: (&'a [u8], u16),
    pub(crate) destination: (&'a [u8], u16),
}

/// What shim.h calls `struct luaxtables_tuple`.
#[repr(C)]
struct RawTuple {
    family: u8,
    protocol: u8,
    source_port: u16,
    destination_port: u16,
    source: *const c_char,
    destination: *const c_char,
    source_length: usize,
    destination_length: usize,
}

/// A flow that connection tracking found, kept while this lives.
pub(crate) struct Flow(NonNull<c_void>);

impl Flow {
    pub(crate) fn id(&self) -> u32 {
        // SAFETY: It is valid as long as this; so below.
        unsafe { luaxtables_found_id(self.0.as_ptr()) }
    }

    /// Packets and bytes of a direction, if they are counted.
    pub(crate) fn traffic(&self, reply: bool) -> Option<(i64, i64)> {
        let (mut packets, mut bytes) = (0, 0);
        // SAFETY: See `id`; the places outlive the call.
        let counted = unsafe { luaxtables_found_traffic(self.0.as_ptr(), reply, &mut packets, &mut bytes) };
        counted.then_some((packets as i64, bytes as i64))
    }

    /// Has connection tracking forget it.
    pub(crate) fn end(&self) -> bool {
        // SAFETY: See `id`.
        unsafe { luaxtables_found_end(self.0.as_ptr()) }
    }
}

impl Drop for Flow {
    fn drop(&mut self) {
        // SAFETY: It was given once.
        unsafe { luaxtables_found_put(self.0.as_ptr()) }
    }
}

/// A copy of a packet, whose scope is there as long as this.
pub(crate) struct Copy(NonNull<c_void>);

impl Copy {
    /// Sends it, with another payload perhaps; there is nothing to send afterwards.
    pub(crate) fn send(&self, payload: Option<&[u8]>) -> core::result::Result<(), Errno> {
        let (bytes, length) = payload.map_or((ptr::null(), 0), |payload| (payload.as_ptr().cast(), payload.len()));
        // SAFETY: It is valid as long as this; pointer and length are a slice's, which is copied.
        checked(unsafe { luaxtables_copy_send(self.0.as_ptr(), bytes, length) })
    }
}

impl Drop for Copy {
    fn drop(&mut self) {
        // SAFETY: Nobody uses it from here on.
        unsafe { luaxtables_copy_delete(self.0.as_ptr()) }
    }
}

/// Nanoseconds of this CPU's clock.
pub(crate) fn clock() -> u64 {
    // SAFETY: No preconditions.
    unsafe { luaxtables_clock() }
}

/// Nanoseconds since 1970.
pub(crate) fn date() -> u64 {
    // SAFETY: No preconditions.
    unsafe { luaxtables_date() }
}

/// A part of the module that is registered with the kernel, while this lives.
pub(crate) struct Part(unsafe extern "C" fn());

impl Part {
    fn new(init: unsafe extern "C" fn() -> c_int, exit: unsafe extern "C" fn()) -> Result<Part> {
        // SAFETY: Each pair is called from here only: the functions have no preconditions but to alternate.
        kernel::error::to_result(unsafe { init() })?;
        Ok(Part(exit))
    }

    /// What ends with namespaces.
    pub(crate) fn scopes() -> Result<Part> {
        Part::new(luaxtables_scope_init, luaxtables_scope_exit)
    }

    /// The match and the target.
    pub(crate) fn rules() -> Result<Part> {
        Part::new(luaxtables_rules_init, luaxtables_rules_exit)
    }

    /// The family of generic netlink.
    pub(crate) fn agent() -> Result<Part> {
        Part::new(luaxtables_agent_init, luaxtables_agent_exit)
    }
}

impl Drop for Part {
    fn drop(&mut self) {
        // SAFETY: Pairs with `new`.
        unsafe { (self.0)() }
    }
}
