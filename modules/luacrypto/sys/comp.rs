// SPDX-License-Identifier: MIT OR GPL-2.0-only
//! shim/comp.c's compression, safe.

use core::ffi::{c_char, c_int, c_uint, c_void};

use super::{checked, size, Kind, Locked, Result, Secret};

extern "C" {
    fn luacrypto_comp_new(name: *const c_char, made: *mut *mut c_void) -> c_int;
    fn luacrypto_comp_run(
        comp: *mut c_void,
        compress: bool,
        bytes: *const u8,
        size: c_uint,
        to: *mut u8,
        room: *mut c_uint,
    ) -> c_int;
}

/// Compression.
pub(crate) enum Comp {}

impl Kind for Comp {
    const COST: usize = 4;

    fn make(name: *const c_char, made: *mut *mut c_void) -> c_int {
        // SAFETY: `Transform::new` passes a name that ends in zero, and a place that outlives the call.
        unsafe { luacrypto_comp_new(name, made) }
    }
}

impl Locked<'_, Comp> {
    /// What becomes of the bytes, and how many they are: at most `room`.
    pub(crate) fn run(&self, compress: bool, bytes: &[u8], room: usize) -> Result<(Secret, usize)> {
        let mut result = Secret::new(room)?;
        let mut length = size(result.get(0, room))?;
        let place = result.0.as_mut_ptr();
        // SAFETY: By the invariants; pointer and length are those of a slice; so many bytes are at `place`, and
        // `length` outlives the call.
        checked(unsafe {
            luacrypto_comp_run(self.as_ptr(), compress, bytes.as_ptr(), size(bytes)?, place, &mut length)
        })?;
        Ok((result, length as usize))
    }
}
