// SPDX-License-Identifier: MIT OR GPL-2.0-only
//! shim.c's functions, safe.

use core::ffi::c_uint;

/// How many kinds of time there are: shim.h's LUACPU_FIELDS.
pub(crate) const FIELDS: usize = 10;

extern "C" {
    fn luacpu_ids() -> c_uint;
    fn luacpu_possible(cpu: c_uint) -> bool;
    fn luacpu_present(cpu: c_uint) -> bool;
    fn luacpu_online(cpu: c_uint) -> bool;
    fn luacpu_stats(cpu: c_uint, fields: *mut u64);
}

/// One more than the highest number.
pub(crate) fn ids() -> u32 {
    // SAFETY: No preconditions.
    unsafe { luacpu_ids() }
}

/// Whether it can ever come up.
pub(crate) fn possible(cpu: u32) -> bool {
    // SAFETY: shim.c checks the number.
    unsafe { luacpu_possible(cpu) }
}

/// Whether it is plugged in.
pub(crate) fn present(cpu: u32) -> bool {
    // SAFETY: shim.c checks the number.
    unsafe { luacpu_present(cpu) }
}

/// Whether it runs.
pub(crate) fn online(cpu: u32) -> bool {
    // SAFETY: shim.c checks the number.
    unsafe { luacpu_online(cpu) }
}

/// The time of a processor that is possible; none for another.
pub(crate) fn stats(cpu: u32) -> [u64; FIELDS] {
    let mut fields = [0; FIELDS];
    if possible(cpu) {
        // SAFETY: The processor has counters, and the array has room for them.
        unsafe { luacpu_stats(cpu, fields.as_mut_ptr()) };
    }
    fields
}
