// SPDX-License-Identifier: MIT OR GPL-2.0-only
//! A flow of connection tracking, whoever holds it: shim.c's functions, safe.

use core::ffi::{c_int, c_void};
use core::marker::PhantomData;
use core::ptr::NonNull;

extern "C" {
    fn luaskb_flow_tuple(flow: *const c_void, replies: bool, tuple: *mut Tuple);
    fn luaskb_flow_status(flow: *const c_void) -> u32;
    fn luaskb_flow_tcp(flow: *const c_void) -> c_int;
    fn luaskb_flow_mark(flow: *mut c_void, set: bool, value: u32) -> u32;
    fn luaskb_flow_zone(flow: *const c_void) -> u16;
    fn luaskb_flow_id(flow: *const c_void) -> u32;
    fn luaskb_flow_counters(flow: *const c_void, counters: *mut u64) -> bool;
    fn luaskb_flow_timeout(flow: *mut c_void, set: bool, seconds: u32) -> u32;
    fn luaskb_flow_delete(flow: *mut c_void) -> bool;
}

/// A `struct nf_conn *`, and how its packet belongs to it.
///
/// # Invariants
///
/// The pointer is valid for `'a`.
pub struct Connection<'a> {
    flow: NonNull<c_void>,
    info: u8,
    _held: PhantomData<&'a ()>,
}

impl Connection<'_> {
    /// A flow that somebody holds.
    ///
    /// # Safety
    ///
    /// It is valid as long as this is used.
    #[must_use]
    pub unsafe fn new(flow: NonNull<c_void>, info: u8) -> Self {
        Connection { flow, info, _held: PhantomData }
    }

    /// `enum ip_conntrack_info`.
    pub fn info(&self) -> u8 {
        self.info
    }

    /// One direction: the first packet's, or that of the replies.
    pub fn tuple(&self, replies: bool) -> Tuple {
        let mut tuple = Tuple::default();
        // SAFETY: The flow is valid by the invariants, and so in all calls below; `tuple` is as
        // shim.h declares it.
        unsafe { luaskb_flow_tuple(self.flow.as_ptr(), replies, &mut tuple) };
        tuple
    }

    /// Bits of `enum ip_conntrack_status`.
    pub fn status(&self) -> u32 {
        // SAFETY: See `tuple`.
        unsafe { luaskb_flow_status(self.flow.as_ptr()) }
    }

    /// `enum tcp_conntrack`; none for another protocol.
    pub fn tcp(&self) -> Option<u8> {
        // SAFETY: See `tuple`.
        u8::try_from(unsafe { luaskb_flow_tcp(self.flow.as_ptr()) }).ok()
    }

    /// The mark before; with a value, sets it.
    pub fn mark(&self, value: Option<u32>) -> u32 {
        // SAFETY: See `tuple`.
        unsafe { luaskb_flow_mark(self.flow.as_ptr(), value.is_some(), value.unwrap_or(0)) }
    }

    /// The zone of its original direction.
    pub fn zone(&self) -> u16 {
        // SAFETY: See `tuple`.
        unsafe { luaskb_flow_zone(self.flow.as_ptr()) }
    }

    /// The same for its life, and hardly any other's.
    pub fn id(&self) -> u32 {
        // SAFETY: See `tuple`.
        unsafe { luaskb_flow_id(self.flow.as_ptr()) }
    }

    /// Packets and bytes of the original direction, packets and bytes of the replies; none where nobody counts
    /// (`net.netfilter.nf_conntrack_acct`).
    pub fn counters(&self) -> Option<[u64; 4]> {
        let mut counters = [0; 4];
        // SAFETY: See `tuple`; there is room for four.
        unsafe { luaskb_flow_counters(self.flow.as_ptr(), counters.as_mut_ptr()) }.then_some(counters)
    }

    /// Seconds until it ends if no more packets come, before; with a value, sets them. One that is not in the
    /// table yet, or whose time is fixed, stays as it is.
    pub fn timeout(&self, seconds: Option<u32>) -> u32 {
        // SAFETY: See `tuple`.
        unsafe { luaskb_flow_timeout(self.flow.as_ptr(), seconds.is_some(), seconds.unwrap_or(0)) }
    }

    /// Takes it out of the table, with an event; false if it is not in it. Not for interrupts.
    pub fn delete(&self) -> bool {
        // SAFETY: See `tuple`.
        unsafe { luaskb_flow_delete(self.flow.as_ptr()) }
    }
}

/// What shim.h calls `struct luaskb_tuple`.
#[repr(C)]
#[derive(Default)]
pub struct Tuple {
    source: [u8; 16],
    destination: [u8; 16],
    /// Protocols without ports: what the kernel keeps in their place.
    pub source_port: u16,
    /// As `source_port`.
    pub destination_port: u16,
    /// `IPPROTO_*`.
    pub protocol: u8,
    /// Bytes of an address: 4 or 16.
    width: u8,
}

impl Tuple {
    /// None unless both addresses have 4 bytes, or both 16.
    pub fn new(
        protocol: u8,
        source: &[u8],
        destination: &[u8],
        source_port: u16,
        destination_port: u16,
    ) -> Option<Tuple> {
        if source.len() != destination.len() || !matches!(source.len(), 4 | 16) {
            return None;
        }
        let width = u8::try_from(source.len()).ok()?;
        let mut tuple = Tuple { source_port, destination_port, protocol, width, ..Tuple::default() };
        tuple.source.get_mut(..source.len())?.copy_from_slice(source);
        tuple.destination.get_mut(..destination.len())?.copy_from_slice(destination);
        Some(tuple)
    }

    /// In network order, 4 or 16 bytes.
    pub fn source(&self) -> &[u8] {
        self.source.get(..usize::from(self.width)).unwrap_or(&self.source)
    }

    /// As `source`.
    pub fn destination(&self) -> &[u8] {
        self.destination.get(..usize::from(self.width)).unwrap_or(&self.destination)
    }
}
