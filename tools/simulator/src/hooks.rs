// SPDX-License-Identifier: MIT OR GPL-2.0-only
//! The hooks of scripts: what luanetfilter has in C.

use std::cell::{Cell, RefCell};
use std::ffi::{c_int, c_uint, c_void};

use crate::flow::{Flow, ABOUT};
use crate::Packet;

// What luanetfilter_main offers to C.
extern "C" {
    fn luanetfilter_verdict(hook: *mut c_void, skb: *mut c_void) -> c_uint;
}

const DROP: c_uint = 0;
const ACCEPT: c_uint = 1;

/// `struct luanetfilter_place`.
#[repr(C)]
#[derive(Clone, Copy)]
struct Place {
    family: u8,
    point: u8,
    track: bool,
    device: [u8; 16],
    priority: c_int,
}

/// `struct luanetfilter_gate`.
#[repr(C)]
struct Gate {
    mark: Cell<u32>,
    bit: Cell<u8>,
}

struct Registration {
    hook: *mut c_void,
    place: Place,
}

/// A hook of a script.
#[derive(Clone, Copy)]
pub struct Hook {
    hook: *mut c_void,
    /// Of `linux.nf.proto`.
    pub family: u8,
    /// Of `linux.nf.inet`, or `linux.nf.br`.
    pub point: u8,
    /// Smaller is earlier.
    pub priority: i32,
}

thread_local! {
    /// What scripts of this thread have registered, in its order.
    static REGISTERED: RefCell<Vec<Hook>> = const { RefCell::new(Vec::new()) };
}

/// What was registered since.
pub(crate) fn take() -> Vec<Hook> {
    REGISTERED.take()
}

impl Hook {
    fn gate(&self) -> &Gate {
        // SAFETY: A registration has the address of a hook, which begins with a gate (see gate.rs there) and is there
        // as long as the script that has it.
        unsafe { &*self.hook.cast::<Gate>() }
    }

    /// Asks about a packet: the verdict, and whether the script was asked.
    pub(crate) fn ask(&self, packet: &mut Packet) -> (c_uint, bool) {
        let mark = self.gate().mark.get();
        if mark != 0 && mark != packet.mark {
            return (ACCEPT, false);
        }
        if let Some(decision) = flow_of(packet).and_then(|flow| self.decision(flow)) {
            return (decision, false);
        }
        // SAFETY: The hook is there, as above; the packet is nobody else's during the call.
        (unsafe { luanetfilter_verdict(self.hook, std::ptr::from_mut(packet).cast()) }, true)
    }

    /// What it decided for a flow.
    pub(crate) fn decision(&self, flow: &Flow) -> Option<c_uint> {
        let bit = self.gate().bit.get();
        match flow.labels.get() >> bit & 3 {
            _ if bit == 0 => None,
            0 => None,
            1 => Some(ACCEPT),
            _ => Some(DROP),
        }
    }
}

/// The flow whose verdict a packet follows: not that which an ICMP error is about.
fn flow_of(packet: &Packet) -> Option<&Flow> {
    packet.flow().filter(|_| !ABOUT.contains(&packet.info))
}

#[no_mangle]
extern "C" fn luanetfilter_init() -> c_int {
    0
}

#[no_mangle]
extern "C" fn luanetfilter_exit() {}

/// There are no devices.
#[no_mangle]
extern "C" fn luanetfilter_is_there(_: *const [u8; 16]) -> bool {
    false
}

#[no_mangle]
unsafe extern "C" fn luanetfilter_points(family: c_uint, device: bool, first: *mut c_uint, end: *mut c_uint) {
    let points = match family {
        1 | 2 | 7 | 10 if !device => 5,
        _ => 0,
    };
    // SAFETY: Both are the caller's.
    unsafe {
        first.write(0);
        end.write(points);
    }
}

#[no_mangle]
unsafe extern "C" fn luanetfilter_new(hook: *mut c_void, place: *const Place) -> *mut c_void {
    // SAFETY: The place is the caller's.
    let place = unsafe { *place };
    Box::into_raw(Box::new(Registration { hook, place })).cast()
}

#[no_mangle]
unsafe extern "C" fn luanetfilter_delete(registration: *mut c_void) {
    if !registration.is_null() {
        // SAFETY: It comes from `luanetfilter_new`, and nobody uses it any more.
        drop(unsafe { Box::from_raw(registration.cast::<Registration>()) });
    }
}

#[no_mangle]
unsafe extern "C" fn luanetfilter_register(registration: *mut c_void) -> c_int {
    // SAFETY: It comes from `luanetfilter_new`.
    let Registration { hook, place } = unsafe { &*registration.cast::<Registration>() };
    let Place { family, point, priority, .. } = *place;
    REGISTERED.with_borrow_mut(|all| all.push(Hook { hook: *hook, family, point, priority }));
    0
}

/// Its router has it, and goes.
#[no_mangle]
extern "C" fn luanetfilter_unregister(_: *mut c_void) {}

#[no_mangle]
unsafe extern "C" fn luanetfilter_mark(skb: *mut c_void, mark: u32) {
    // SAFETY: It is the packet of `Hook::ask`.
    unsafe { &mut *skb.cast::<Packet>() }.mark = mark;
}

#[no_mangle]
unsafe extern "C" fn luanetfilter_decide(skb: *mut c_void, bit: c_uint) {
    // SAFETY: As above.
    if let Some(flow) = flow_of(unsafe { &*skb.cast::<Packet>() }) {
        flow.labels.set(flow.labels.get() | 1 << bit);
    }
}
