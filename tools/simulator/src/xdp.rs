// SPDX-License-Identifier: MIT OR GPL-2.0-only
//! XDP: what luaxdp has in C, and the program that calls a script.

use std::ffi::{c_char, c_int, c_void};
use std::ptr::NonNull;
use std::rc::Rc;
use std::sync::{Condvar, Mutex, PoisonError};

use lunatik_core::sync::rcu_read_lock;
use lunatik_core::{Budget, Context, Fail, Runtime, LOAD_FUEL, STACK};
use policy::{Manifest, Role};

use crate::linux::{uptime, ADDRESS, INTERFACES};
use crate::{FileSystem, Verdict, LAN, WAN};

extern "C" {
    // What luaxdp_main offers to C.
    fn luaxdp_handle(xdp: NonNull<Buffer>, id: u64) -> c_int;
}

/// What a driver leaves before a frame (`XDP_PACKET_HEADROOM`), of which the kernel keeps a part
/// (`sizeof(struct xdp_frame)`).
const HEADROOM: usize = 256;
const KEPT: usize = 40;
/// What a frame and its room fill, but for what the kernel has at its end (`struct skb_shared_info`).
const PAGE: usize = 4096 - 320;
/// A frame keeps its Ethernet header.
const LEAST: usize = 14;

const EINVAL: c_int = -22;
const ENODEV: c_int = -19;

/// `struct xdp_buff`, whose beginning the module reads.
#[repr(C)]
struct Buffer {
    data: *mut u8,
    end: *mut u8,
    /// Where data may begin and end.
    first: *mut u8,
    last: *mut u8,
    ifindex: i32,
    /// Where XDP_REDIRECT goes; 0: nowhere.
    redirected: i32,
}

/// The function of a policy at the interfaces that its manifest names.
pub(crate) struct Xdp {
    /// As programs know it.
    id: u64,
    interfaces: Vec<i32>,
}

/// What a policy that has loaded has attached.
pub(crate) fn attached(runtime: &Runtime, manifest: &Manifest) -> Option<Xdp> {
    // Nobody else may require the module.
    manifest.capabilities.iter().find(|granted| *granted == "xdp")?;
    let interface = |role: &Role| match role {
        Role::Wan => WAN,
        Role::Lan => LAN,
    };
    Some(Xdp { id: number(runtime)?, interfaces: manifest.xdp.iter().map(interface).collect() })
}

/// The number of what a script has attached: asked for by a script, as `lunatik xdp` does.
fn number(runtime: &Runtime) -> Option<u64> {
    let files = FileSystem::new();
    let name = runtime.name().to_str().ok()?;
    files.put("ask.lua", format!("print(require('xdp').id({}))", policy::quoted(name)).as_bytes());
    let budget = Budget {
        fuel: LOAD_FUEL,
        load_fuel: LOAD_FUEL,
        memory: 1 << 20,
        stack: STACK,
        context: Context::Process,
        fail: Fail::Accept,
        capabilities: vec!["xdp".to_owned()],
    };
    let asking = Runtime::new(budget, Rc::new(files))?;
    asking.load("ask").ok()?;
    std::str::from_utf8(asking.machine().take_printed().first()?).ok()?.parse().ok()
}

impl Xdp {
    /// The first of its interfaces.
    pub(crate) fn port(&self) -> Option<i32> {
        self.interfaces.first().copied()
    }

    /// Whether it is at this interface.
    pub(crate) fn sees(&self, ifindex: i32) -> bool {
        self.interfaces.contains(&ifindex)
    }

    /// Asks about a frame that came by an interface, and makes of it what the policy did; the interface to which it was
    /// sent, too.
    pub(crate) fn ask(&self, frame: &mut Vec<u8>, ifindex: i32) -> (Verdict, Option<i32>) {
        let mut room = vec![0; HEADROOM + frame.len().max(PAGE - HEADROOM)];
        room[HEADROOM..HEADROOM + frame.len()].copy_from_slice(frame);
        let ends = room.as_mut_ptr_range();
        let at = |offset: usize| ends.start.wrapping_add(offset);
        let mut buffer = Buffer {
            data: at(HEADROOM),
            end: at(HEADROOM + frame.len()),
            first: at(KEPT),
            last: ends.end,
            ifindex,
            redirected: 0,
        };
        let action = {
            let _reading = rcu_read_lock();
            // SAFETY: The buffer is as the module takes it, and nobody else's during the call.
            unsafe { luaxdp_handle(NonNull::from(&mut buffer), self.id) }
        };
        let begin = buffer.data.addr() - ends.start.addr();
        let end = buffer.end.addr() - ends.start.addr();
        *frame = room[begin..end].to_vec();
        let verdict = match action {
            0 => Verdict::Aborted,
            1 => Verdict::Drop,
            3 => Verdict::Transmit,
            4 => Verdict::Redirect,
            _ => Verdict::Accept,
        };
        (verdict, Some(buffer.redirected).filter(|index| *index != 0))
    }
}

#[no_mangle]
extern "C" fn luaxdp_register() -> c_int {
    0
}

/// The mutex of what scripts have attached, in all of the process.
static TAKEN: Mutex<bool> = Mutex::new(false);
static FREE: Condvar = Condvar::new();

#[no_mangle]
extern "C" fn luaxdp_lock() {
    let taken = TAKEN.lock().unwrap_or_else(PoisonError::into_inner);
    *FREE.wait_while(taken, |taken| *taken).unwrap_or_else(PoisonError::into_inner) = true;
}

#[no_mangle]
extern "C" fn luaxdp_unlock() {
    *TAKEN.lock().unwrap_or_else(PoisonError::into_inner) = false;
    FREE.notify_one();
}

/// The buffer of `Xdp::ask`.
///
/// # Safety
///
/// The module calls with what that passes to it, during the call.
unsafe fn buffer<'a>(xdp: *mut Buffer) -> &'a mut Buffer {
    // SAFETY: By the caller's promise.
    unsafe { &mut *xdp }
}

#[no_mangle]
unsafe extern "C" fn luaxdp_adjust_head(xdp: *mut Buffer, delta: c_int) -> c_int {
    // SAFETY: See there.
    let buffer = unsafe { buffer(xdp) };
    let data = buffer.data.wrapping_offset(delta as isize);
    if data < buffer.first || data > buffer.end.wrapping_sub(LEAST) {
        return EINVAL;
    }
    buffer.data = data;
    0
}

#[no_mangle]
unsafe extern "C" fn luaxdp_adjust_tail(xdp: *mut Buffer, delta: c_int) -> c_int {
    // SAFETY: See there.
    let buffer = unsafe { buffer(xdp) };
    let end = buffer.end.wrapping_offset(delta as isize);
    if end > buffer.last || end < buffer.data.wrapping_add(LEAST) {
        return EINVAL;
    }
    if let Ok(more) = usize::try_from(delta) {
        // SAFETY: These bytes are below `last`, where the room ends.
        unsafe { buffer.end.write_bytes(0, more) };
    }
    buffer.end = end;
    0
}

/// Frames are in one buffer here.
#[no_mangle]
extern "C" fn luaxdp_fragmented(_: *const Buffer) -> bool {
    false
}

#[no_mangle]
unsafe extern "C" fn luaxdp_length(xdp: *mut Buffer) -> usize {
    // SAFETY: See there.
    let buffer = unsafe { buffer(xdp) };
    buffer.end.addr() - buffer.data.addr()
}

#[no_mangle]
unsafe extern "C" fn luaxdp_ifindex(xdp: *mut Buffer) -> u32 {
    // SAFETY: See there.
    unsafe { buffer(xdp) }.ifindex.unsigned_abs()
}

#[no_mangle]
extern "C" fn luaxdp_queue(_: *const Buffer) -> u32 {
    0
}

#[no_mangle]
unsafe extern "C" fn luaxdp_for_us(xdp: *mut Buffer) -> bool {
    // SAFETY: See there.
    let buffer = unsafe { buffer(xdp) };
    // SAFETY: A frame has its Ethernet header.
    unsafe { std::slice::from_raw_parts(buffer.data, ADDRESS.len()) == ADDRESS }
}

#[no_mangle]
unsafe extern "C" fn luaxdp_redirect(xdp: *mut Buffer, ifindex: u32) -> c_int {
    let Some((_, index)) = INTERFACES.iter().find(|(_, index)| index.unsigned_abs() == ifindex) else { return ENODEV };
    // SAFETY: See there.
    unsafe { buffer(xdp) }.redirected = *index;
    0
}

#[no_mangle]
extern "C" fn luaxdp_time() -> u64 {
    uptime()
}

/// There are no routes (`BPF_FIB_LKUP_RET_NOT_FWDED`).
#[no_mangle]
extern "C" fn luaxdp_route(_: *const Buffer, _: *mut c_void) -> c_int {
    4
}

/// There are no links: file descriptors are of tasks.
#[no_mangle]
extern "C" fn luaxdp_link_get(_: c_int, _: *mut *mut c_void) -> c_int {
    EINVAL
}

#[no_mangle]
extern "C" fn luaxdp_link_where(_: *const c_void, _: *mut c_char) -> bool {
    false
}

#[no_mangle]
extern "C" fn luaxdp_link_end(_: *mut c_void) {}

#[no_mangle]
extern "C" fn luaxdp_link_put(_: *mut c_void) {}
