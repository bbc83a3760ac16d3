// SPDX-License-Identifier: MIT OR GPL-2.0-only
//! shim.c's functions.

use core::ffi::{c_int, c_uint, c_void};
use kernel::error::{to_result, Result};
use packet::Ip;

extern "C" {
    fn luaskb_length(skb: *const c_void) -> c_uint;
    fn luaskb_ifindex(skb: *const c_void) -> c_int;
    fn luaskb_vlan(skb: *const c_void) -> u16;
    fn luaskb_own(skb: *mut c_void) -> c_int;
    fn luaskb_layer(skb: *mut c_void, mac: bool, length: *mut usize) -> *mut c_void;
    fn luaskb_resize(skb: *mut c_void, length: c_uint) -> c_int;
    fn luaskb_checksum(skb: *mut c_void, transport: c_uint, length: c_int, protocol: u8, fragment: bool);
    fn luaskb_forward(skb: *const c_void) -> c_int;
    fn luaskb_footprint(skb: *const c_void) -> usize;
    fn luaskb_copy(skb: *const c_void) -> *mut c_void;
    fn luaskb_free(skb: *mut c_void);
    fn luaskb_connmark(skb: *const c_void, set: bool, value: u32, mark: *mut u32) -> bool;
}

/// A `struct sk_buff *`, or none.
///
/// # Invariants
///
/// Null, or valid and used by nobody else while a method runs. The methods are for
/// buffers that are not null.
#[derive(Clone, Copy)]
pub struct Buffer(*mut c_void);

impl Buffer {
    /// No packet.
    #[must_use]
    pub const fn none() -> Buffer {
        Buffer(core::ptr::null_mut())
    }

    /// A packet from C.
    ///
    /// # Safety
    ///
    /// `skb` is valid and used by nobody else as long as this and its copies are used.
    #[must_use]
    pub unsafe fn from_raw(skb: *mut c_void) -> Buffer {
        Buffer(skb)
    }

    pub(crate) fn is_none(self) -> bool {
        self.0.is_null()
    }

    pub(crate) fn length(self) -> u32 {
        // SAFETY: By the invariants; so are all calls below.
        unsafe { luaskb_length(self.0) }
    }

    pub(crate) fn ifindex(self) -> i32 {
        // SAFETY: See `length`.
        unsafe { luaskb_ifindex(self.0) }
    }

    pub(crate) fn vlan(self) -> u16 {
        // SAFETY: See `length`.
        unsafe { luaskb_vlan(self.0) }
    }

    /// Makes it one piece, shared with nobody; it may move.
    pub(crate) fn own(self) -> Result {
        // SAFETY: See `length`.
        to_result(unsafe { luaskb_own(self.0) })
    }

    /// Where a layer starts, and how many bytes there are from there on.
    pub(crate) fn layer(self, mac: bool) -> Option<(*mut u8, usize)> {
        let mut length = 0;
        // SAFETY: See `length`; the variable outlives the call.
        let base = unsafe { luaskb_layer(self.0, mac, &mut length) };
        if base.is_null() {
            None
        } else {
            Some((base.cast(), length))
        }
    }

    pub(crate) fn resize(self, length: u32) -> Result {
        // SAFETY: See `length`.
        to_result(unsafe { luaskb_resize(self.0, length) })
    }

    /// New checksums for a packet in one piece, whose headers say this.
    ///
    /// # Safety
    ///
    /// `ip` describes the bytes of [`Buffer::layer`] from the network header on.
    pub(crate) unsafe fn checksum(self, ip: &Ip) {
        // Lengths of IP are of 16 bits.
        let (transport, length) = (ip.transport as c_uint, (ip.end - ip.transport) as c_int);
        // SAFETY: See `length`; by the caller's promise all of the transport lies in the packet.
        unsafe { luaskb_checksum(self.0, transport, length, ip.protocol, ip.fragment) }
    }

    pub(crate) fn forward(self) -> Result {
        // SAFETY: See `length`.
        to_result(unsafe { luaskb_forward(self.0) })
    }

    /// The bytes of memory that a copy takes, about.
    pub(crate) fn footprint(self) -> usize {
        // SAFETY: See `length`.
        unsafe { luaskb_footprint(self.0) }
    }

    /// A packet of its own with the same bytes: to be freed.
    pub(crate) fn copy(self) -> Option<Buffer> {
        // SAFETY: See `length`.
        let copy = unsafe { luaskb_copy(self.0) };
        (!copy.is_null()).then_some(Buffer(copy))
    }

    /// Frees a copy.
    ///
    /// # Safety
    ///
    /// It comes from [`Buffer::copy`], and neither it nor its bytes are used again.
    pub(crate) unsafe fn free(self) {
        // SAFETY: By the caller's promise.
        unsafe { luaskb_free(self.0) }
    }

    pub(crate) fn connmark(self, value: Option<u32>) -> Option<u32> {
        let mut mark = 0;
        // SAFETY: See `length`; the variable outlives the call.
        let flow = unsafe { luaskb_connmark(self.0, value.is_some(), value.unwrap_or(0), &mut mark) };
        flow.then_some(mark)
    }
}
