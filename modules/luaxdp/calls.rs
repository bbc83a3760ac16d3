// SPDX-License-Identifier: MIT OR GPL-2.0-only
//! Where eBPF programs come in.

use core::ffi::c_int;
use core::ptr::NonNull;
use key::Key;

use crate::attached::Argument;
use crate::packet::PASS;
use crate::scripts;
use crate::sys::{Buffer, Packet};

/// `bpf_luaxdp_run`: the action of the script that the key names, or -1.
#[no_mangle]
unsafe extern "C" fn luaxdp_run(
    key: *const u8,
    size: usize,
    xdp: NonNull<Buffer>,
    argument: *mut u8,
    argument_size: usize,
) -> c_int {
    // SAFETY: The verifier has checked both pieces of the program's memory, which are there until
    // the program ends, as is the packet; XDP runs in an RCU read-side critical section.
    unsafe {
        let key = Key::of(core::slice::from_raw_parts(key, size));
        let Some(attached) = scripts::named(key).filter(|attached| !attached.is_detached()) else { return -1 };
        let argument = Argument::new(argument, argument_size);
        attached.call(Packet::from_raw(xdp), Some(argument), false).map_or(-1, |action| action as c_int)
    }
}

/// `bpf_lunatik_xdp`: the action of the script with that number, or its fail verdict. Without
/// the script there is no policy, and the packet goes on.
#[no_mangle]
unsafe extern "C" fn luaxdp_handle(xdp: NonNull<Buffer>, id: u64) -> c_int {
    // SAFETY: As above.
    unsafe {
        let Some(attached) = scripts::numbered(id).filter(|attached| !attached.is_detached()) else {
            return PASS as c_int;
        };
        let action = attached.call(Packet::from_raw(xdp), None, true);
        action.unwrap_or_else(|| attached.fail()) as c_int
    }
}
