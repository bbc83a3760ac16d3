// SPDX-License-Identifier: MIT OR GPL-2.0-only
//! The floor of the comparison: netfilter hooks in Rust that do nothing but the job. One
//! hook at FORWARD; `job=` says which (accept, drop, udp-port), `port=` the blocked port.

use core::ffi::{c_int, c_uint, c_void};
use core::slice;
use kernel::error::to_result;
use kernel::prelude::*;

module! {
    type: Module,
    name: "floor",
    author: "The Lunagate authors",
    description: "The cheapest packet hook, for measurements",
    license: "Dual MIT/GPL",
}

extern "C" {
    fn floor_register() -> c_int;
    fn floor_unregister();
    fn floor_bytes(skb: *const c_void, offset: c_uint, length: c_uint) -> *const u8;
}

const NF_DROP: c_uint = 0;
const NF_ACCEPT: c_uint = 1;
const UDP: u8 = 17;

/// Bytes of the packet, from its network header on.
fn bytes(skb: &*mut c_void, offset: u32, length: u32) -> Option<&[u8]> {
    // SAFETY: Netfilter's packet is valid during the call, in which all of this happens; the
    // function returns null or so many bytes.
    unsafe {
        let start = floor_bytes(*skb, offset, length);
        (!start.is_null()).then(|| slice::from_raw_parts(start, length as usize))
    }
}

fn destination_port(skb: &*mut c_void) -> Option<u16> {
    let header = bytes(skb, 0, 20)?;
    if *header.get(9)? != UDP {
        return None;
    }
    let length = u32::from(*header.first()? & 15) * 4;
    let ports = bytes(skb, length, 4)?;
    Some(u16::from_be_bytes([*ports.get(2)?, *ports.get(3)?]))
}

#[no_mangle]
extern "C" fn floor_accept(_skb: *mut c_void) -> c_uint {
    NF_ACCEPT
}

#[no_mangle]
extern "C" fn floor_drop(_skb: *mut c_void) -> c_uint {
    NF_DROP
}

#[no_mangle]
extern "C" fn floor_udp_port(skb: *mut c_void, port: u16) -> c_uint {
    if destination_port(&skb) == Some(port) {
        NF_DROP
    } else {
        NF_ACCEPT
    }
}

struct Module;

impl kernel::Module for Module {
    fn init(_module: &'static ThisModule) -> Result<Self> {
        // SAFETY: Once per module.
        to_result(unsafe { floor_register() })?;
        Ok(Module)
    }
}

impl Drop for Module {
    fn drop(&mut self) {
        // SAFETY: `init` has registered.
        unsafe { floor_unregister() };
    }
}
