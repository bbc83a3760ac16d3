// SPDX-License-Identifier: MIT OR GPL-2.0-only
//! shim.c's and copies.c's functions.

use core::ffi::{c_int, c_uint, c_void};
use core::ptr::NonNull;
use kernel::error::{to_result, Result};
use lua::Kind;
use packet::Ip;

use crate::connection::Connection;

extern "C" {
    fn luaskb_length(skb: *const c_void) -> c_uint;
    fn luaskb_ifindex(skb: *const c_void) -> c_int;
    fn luaskb_vlan(skb: *const c_void) -> u16;
    fn luaskb_owned(skb: *const c_void) -> bool;
    fn luaskb_layer(skb: *mut c_void, mac: bool, base: *mut *mut c_void, length: *mut usize) -> c_int;
    fn luaskb_headers(skb: *const c_void, length: *mut usize) -> *const u8;
    fn luaskb_linear(skb: *const c_void) -> bool;
    fn luaskb_linearize(skb: *mut c_void) -> c_int;
    fn luaskb_resize(skb: *mut c_void, length: c_uint) -> c_int;
    fn luaskb_checksum(skb: *mut c_void, transport: c_uint, length: c_int, protocol: u8, fragment: bool);
    fn luaskb_forward(skb: *const c_void) -> c_int;
    fn luaskb_footprint(skb: *const c_void) -> usize;
    fn luaskb_copy(skb: *const c_void) -> *mut c_void;
    fn luaskb_free(skb: *mut c_void);
    fn luaskb_flow(skb: *const c_void, info: *mut u8) -> *mut c_void;
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

    /// Makes it one piece, shared with nobody, for which it may move; tells where a layer
    /// starts, and how many bytes there are from there on.
    ///
    /// # Errors
    ///
    /// `NoMemory`; `NotFound` if the packet has no such layer.
    #[inline]
    pub(crate) fn layer(self, mac: bool) -> lua::Result<(*mut u8, usize)> {
        const ENOENT: c_int = -2;
        let (mut base, mut length) = (core::ptr::null_mut(), 0);
        // SAFETY: See `length`; the variables outlive the call.
        match unsafe { luaskb_layer(self.0, mac, &mut base, &mut length) } {
            0 => Ok((base.cast(), length)),
            ENOENT => Err(Kind::NotFound.into()),
            _ => Err(Kind::NoMemory.into()),
        }
    }

    /// The bytes in the packet's first piece, from its network header on.
    ///
    /// # Errors
    ///
    /// `NotFound` if it has none.
    ///
    /// # Safety
    ///
    /// The packet is neither written nor moved as long as the slice is used.
    #[inline]
    pub(crate) unsafe fn headers<'a>(self) -> lua::Result<&'a [u8]> {
        let mut length = 0;
        // SAFETY: See `length`; the variable outlives the call, which returns null or so many bytes.
        unsafe {
            let base = luaskb_headers(self.0, &mut length);
            if base.is_null() {
                return Err(Kind::NotFound.into());
            }
            Ok(core::slice::from_raw_parts(base, length))
        }
    }

    /// Whether it is in one piece.
    pub(crate) fn is_linear(self) -> bool {
        // SAFETY: See `length`.
        unsafe { luaskb_linear(self.0) }
    }

    /// Whether it is in one piece that nobody else has, so that [`layer`](Self::layer) does not move it.
    #[inline]
    pub(crate) fn is_owned(self) -> bool {
        // SAFETY: See `length`.
        unsafe { luaskb_owned(self.0) }
    }

    /// Makes it one piece, for which it may move.
    #[cold]
    pub(crate) fn linearize(self) -> Result {
        // SAFETY: See `length`.
        to_result(unsafe { luaskb_linearize(self.0) })
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

    /// The bytes of memory that a copy takes.
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

    /// The packet's flow; none for a packet that is not tracked, or by a template only. It is as
    /// valid as the packet.
    pub(crate) fn flow<'a>(self) -> Option<Connection<'a>> {
        let mut info = 0;
        // SAFETY: See `length`; the variable outlives the call.
        let flow = NonNull::new(unsafe { luaskb_flow(self.0, &mut info) })?;
        // SAFETY: The packet holds it; that of a copy is there as long as bottom halves are off.
        Some(unsafe { Connection::new(flow, info) })
    }
}
