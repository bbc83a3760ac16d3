// SPDX-License-Identifier: MIT OR GPL-2.0-only
//! Packets and flows for the kernel's class `skb`: what luaskb and luaset have in C.

use std::ffi::{c_int, c_uint, c_void};
use std::ptr;
use std::rc::Rc;

use luaskb_main::Tuple;

use crate::flow::{Flow, CONFIRMED};
use crate::linux::LOOPBACK;
use crate::Packet;

const ENOENT: c_int = -2;
const ENODEV: c_int = -19;
const EINVAL: c_int = -22;

/// # Safety
///
/// It is a packet, of a call or a copy, and nobody else uses it meanwhile.
unsafe fn packet<'a>(skb: *const c_void) -> &'a mut Packet {
    // SAFETY: By the caller's promise.
    unsafe { &mut *skb.cast_mut().cast::<Packet>() }
}

/// # Safety
///
/// It is the flow of a packet that is there.
unsafe fn flow<'a>(flow: *const c_void) -> &'a Flow {
    // SAFETY: By the caller's promise.
    unsafe { &*flow.cast::<Flow>() }
}

macro_rules! functions {
    ($($(#[$doc:meta])* fn $name:ident($($argument:ident: $type:ty),*) $(-> $result:ty)? $body:block)*) => {$(
        $(#[$doc])*
        #[no_mangle]
        unsafe extern "C" fn $name($($argument: $type),*) $(-> $result)? {
            // SAFETY: The module passes what it was lent, as shim.h says, and room for results.
            #[allow(unused_unsafe)]
            unsafe { $body }
        }
    )*};
}

functions! {
    fn luaskb_length(skb: *const c_void) -> c_uint {
        packet(skb).network().len() as c_uint
    }

    fn luaskb_ifindex(skb: *const c_void) -> c_int {
        packet(skb).ifindex
    }

    fn luaskb_vlan(skb: *const c_void) -> u16 {
        packet(skb).tag.map_or(0, |[_, _, high, low]| u16::from_be_bytes([high, low]) & 0x0fff)
    }

    fn luaskb_layer(skb: *mut c_void, mac: bool, base: *mut *mut c_void, length: *mut usize) -> c_int {
        let packet = packet(skb);
        if mac && !packet.link {
            return ENOENT;
        }
        let layer = packet.bytes.get_mut(if mac { 0 } else { packet.network }..).unwrap_or(&mut []);
        base.write(layer.as_mut_ptr().cast());
        length.write(layer.len());
        0
    }

    fn luaskb_headers(skb: *const c_void, length: *mut usize) -> *const u8 {
        let header = packet(skb).network();
        length.write(header.len());
        header.as_ptr()
    }

    fn luaskb_owned(_skb: *const c_void) -> bool {
        true
    }

    fn luaskb_linear(_skb: *const c_void) -> bool {
        true
    }

    fn luaskb_linearize(_skb: *mut c_void) -> c_int {
        0
    }

    fn luaskb_resize(skb: *mut c_void, length: c_uint) -> c_int {
        let (packet, length) = (packet(skb), length as usize);
        if length < packet.least() {
            return EINVAL;
        }
        packet.bytes.resize(packet.network + length, 0);
        0
    }

    /// The IPv4 header's checksum, and that of the TCP or UDP.
    fn luaskb_checksum(skb: *mut c_void, transport: c_uint, length: c_int, protocol: u8, fragment: bool) {
        let packet = packet(skb);
        let begin = packet.network;
        let (transport, length) = (transport as usize, length as usize);
        let Some(bytes) = packet.bytes.get_mut(begin..) else { return };
        checksum(bytes, transport, length, protocol, fragment);
    }

    /// A copy leaves by the packet's device, which is not loopback.
    fn luaskb_forward(skb: *const c_void) -> c_int {
        let packet = packet(skb);
        if !packet.link || packet.ifindex == LOOPBACK {
            return ENODEV;
        }
        packet.forwarded.borrow_mut().push(packet.bytes.clone());
        0
    }

    /// As much as the kernel's: headroom, its own structures, and the bytes.
    fn luaskb_footprint(skb: *const c_void) -> usize {
        768 + packet(skb).bytes.len()
    }

    fn luaskb_copy(skb: *const c_void) -> *mut c_void {
        Box::into_raw(Box::new(packet(skb).clone())).cast()
    }

    fn luaskb_free(skb: *mut c_void) {
        drop(Box::from_raw(skb.cast::<Packet>()));
    }

    fn luaskb_flow(skb: *const c_void, info: *mut u8) -> *mut c_void {
        let packet = packet(skb);
        info.write(packet.info);
        packet.flow.as_ref().map_or(ptr::null_mut(), |flow| Rc::as_ptr(flow).cast_mut().cast())
    }

    fn luaskb_flow_tuple(of: *const c_void, replies: bool, tuple: *mut Tuple) {
        let flow = flow(of);
        let from = if replies { &flow.reply } else { &flow.original };
        let ports = (from.source_port, from.destination_port);
        if let Some(made) = Tuple::new(from.protocol, &from.source, &from.destination, ports.0, ports.1) {
            tuple.write(made);
        }
    }

    fn luaskb_flow_status(of: *const c_void) -> u32 {
        flow(of).status.get()
    }

    fn luaskb_flow_tcp(of: *const c_void) -> c_int {
        let flow = flow(of);
        if flow.original.protocol == 6 { flow.tcp.get().number().into() } else { -1 }
    }

    fn luaskb_flow_mark(of: *mut c_void, set: bool, value: u32) -> u32 {
        let mark = &flow(of).mark;
        if set { mark.replace(value) } else { mark.get() }
    }

    fn luaskb_flow_zone(_flow: *const c_void) -> u16 {
        0
    }

    fn luaskb_flow_id(of: *const c_void) -> u32 {
        flow(of).id
    }

    /// Nobody counts, as on the router unless it is told to.
    fn luaskb_flow_counters(_flow: *const c_void, _counters: *mut u64) -> bool {
        false
    }

    fn luaskb_flow_timeout(of: *mut c_void, set: bool, seconds: u32) -> u32 {
        let flow = flow(of);
        let set = set && flow.status.get() & CONFIRMED != 0 && !flow.deleted.get();
        if set { flow.timeout.replace(seconds) } else { flow.timeout.get() }
    }

    fn luaskb_flow_delete(of: *mut c_void) -> bool {
        let flow = flow(of);
        flow.status.get() & CONFIRMED != 0 && !flow.deleted.replace(true)
    }

    /// The default of luaset's parameter.
    fn luaset_memory() -> usize {
        33_554_432
    }

    /// The default of luadata's parameter.
    fn luadata_memory() -> usize {
        16_777_216
    }

    /// The same each time: runs are repeatable.
    fn luaset_random() -> u64 {
        1
    }
}

/// Writes the checksums of a packet, from its IP header on, as `skb:checksum` does. What is broken stays as it is.
pub fn checksums(bytes: &mut [u8]) {
    if let Some(ip) = packet::ip(bytes) {
        checksum(bytes, ip.transport, ip.end - ip.transport, ip.protocol, ip.fragment);
    }
}

fn checksum(bytes: &mut [u8], transport: usize, length: usize, protocol: u8, fragment: bool) {
    let version = bytes[0] >> 4;
    if version == 4 {
        let end = usize::from(bytes[0] & 15) * 4;
        let Some(header) = bytes.get_mut(..end) else { return };
        header[10..12].fill(0);
        let sum = packet::checksum(header);
        header[10..12].copy_from_slice(&sum.to_be_bytes());
    }
    let field = match protocol {
        6 if length >= 20 => 16,
        17 if length >= 8 => 6,
        _ => return,
    };
    if fragment || transport + length > bytes.len() {
        return;
    }
    bytes[transport + field..transport + field + 2].fill(0);
    let mut all = if version == 4 { bytes[12..20].to_vec() } else { bytes[8..40].to_vec() };
    all.extend([0, protocol]);
    // Lengths of IP are of 16 bits.
    all.extend((length as u16).to_be_bytes());
    all.extend(&bytes[transport..transport + length]);
    let sum = match packet::checksum(&all) {
        0 if protocol == 17 => 0xffff,
        sum => sum,
    };
    bytes[transport + field..transport + field + 2].copy_from_slice(&sum.to_be_bytes());
}
