// SPDX-License-Identifier: MIT OR GPL-2.0-only
//! shim.c's functions, safe.

use core::ffi::{c_char, c_int, c_uint, c_void, CStr};

extern "C" {
    fn lualinux_random() -> u64;
    fn lualinux_time() -> u64;
    fn lualinux_schedule(milliseconds: i64, interruptible: bool) -> i64;
    fn lualinux_tracing(enable: c_int) -> c_int;
    fn lualinux_ifindex(name: *const c_char) -> c_int;
    fn lualinux_ifaddr(index: c_int, address: *mut u8, room: usize) -> c_int;
    fn lualinux_cpus() -> c_uint;
    fn lualinux_lookup(name: *const c_char) -> *mut c_void;
}

/// A few bytes that C wrote.
pub(crate) struct Bytes {
    bytes: [u8; 32],
    length: usize,
}

impl Bytes {
    /// The length that C returned; none if negative.
    fn written(bytes: [u8; 32], length: c_int) -> Option<Bytes> {
        usize::try_from(length).ok().map(|length| Bytes { bytes, length })
    }

    pub(crate) fn get(&self) -> &[u8] {
        self.bytes.get(..self.length).unwrap_or(&[])
    }
}

pub(crate) fn random() -> u64 {
    // SAFETY: No preconditions.
    unsafe { lualinux_random() }
}

/// Nanoseconds since 1970.
pub(crate) fn time() -> u64 {
    // SAFETY: No preconditions.
    unsafe { lualinux_time() }
}

/// Sleeps; for process context.
pub(crate) fn schedule(milliseconds: i64, interruptible: bool) -> i64 {
    // SAFETY: The caller is in process context.
    unsafe { lualinux_schedule(milliseconds, interruptible) }
}

/// Whether tracing is on, after switching it.
pub(crate) fn tracing(enable: Option<bool>) -> bool {
    // SAFETY: No preconditions.
    unsafe { lualinux_tracing(enable.map_or(-1, c_int::from)) != 0 }
}

/// The index of an interface of the initial network namespace.
pub(crate) fn ifindex(name: &CStr) -> Option<i32> {
    // SAFETY: The name ends in zero.
    let index = unsafe { lualinux_ifindex(name.as_ptr()) };
    (index > 0).then_some(index)
}

/// The hardware address of an interface.
pub(crate) fn ifaddr(index: i32) -> Option<Bytes> {
    let mut bytes = [0; 32];
    // SAFETY: The room is the array's, which outlives the call.
    let length = unsafe { lualinux_ifaddr(index, bytes.as_mut_ptr(), bytes.len()) };
    Bytes::written(bytes, length)
}

pub(crate) fn cpus() -> u32 {
    // SAFETY: No preconditions.
    unsafe { lualinux_cpus() }
}

/// The address of a kernel function, or null.
pub(crate) fn lookup(name: &CStr) -> *mut c_void {
    // SAFETY: The name ends in zero, and the caller may sleep.
    unsafe { lualinux_lookup(name.as_ptr()) }
}
