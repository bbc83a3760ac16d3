// SPDX-License-Identifier: MIT OR GPL-2.0-only
//! Memory outside of Lua, in one piece of any size.

use core::ffi::c_void;
use core::ptr::NonNull;

extern "C" {
    fn lunatik_memory_new(size: usize, sleep: bool) -> *mut c_void;
    fn lunatik_memory_held(memory: *const c_void, size: usize) -> usize;
    fn lunatik_memory_free(memory: *mut c_void);
    fn lunatik_memory_settle();
}

/// So many bytes, which are zero at first. They may be given up in every context.
///
/// # Invariants
///
/// `base` comes from `lunatik_memory_new`, with `length` bytes.
pub struct Memory {
    base: NonNull<c_void>,
    length: usize,
}

// SAFETY: It is memory, which has no thread.
unsafe impl Send for Memory {}
// SAFETY: As above.
unsafe impl Sync for Memory {}

impl Memory {
    /// `sleep` tells whether the caller may. `None` if the kernel has not enough.
    #[must_use]
    pub fn new(length: usize, sleep: bool) -> Option<Memory> {
        // SAFETY: No preconditions, but that the caller may sleep if it says so.
        let base = NonNull::new(unsafe { lunatik_memory_new(length, sleep) })?;
        Some(Memory { base, length })
    }

    /// The bytes.
    #[inline]
    #[must_use]
    pub fn bytes(&self) -> &[u8] {
        // SAFETY: By the invariants; they were zeros at first, so they have values.
        unsafe { core::slice::from_raw_parts(self.base.as_ptr().cast(), self.length) }
    }

    /// The bytes, to be written.
    pub fn bytes_mut(&mut self) -> &mut [u8] {
        // SAFETY: As in `bytes`, and nobody else has them.
        unsafe { core::slice::from_raw_parts_mut(self.base.as_ptr().cast(), self.length) }
    }

    /// What it takes of the kernel's memory, in bytes: not less than there are.
    #[must_use]
    pub fn held(&self) -> usize {
        // SAFETY: By the invariants.
        unsafe { lunatik_memory_held(self.base.as_ptr(), self.length) }
    }
}

impl Drop for Memory {
    fn drop(&mut self) {
        // SAFETY: By the invariants, and nobody uses it from here on.
        unsafe { lunatik_memory_free(self.base.as_ptr()) }
    }
}

/// Sleeps until all memory that was given up before is the kernel's again.
pub(crate) fn settle() {
    // SAFETY: No preconditions, but that the caller may sleep.
    unsafe { lunatik_memory_settle() }
}
