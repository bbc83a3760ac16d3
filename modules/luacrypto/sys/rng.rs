// SPDX-License-Identifier: MIT OR GPL-2.0-only
//! shim/rng.c's generators, safe.

use core::ffi::{c_char, c_int, c_uint, c_void, CStr};
use core::ptr;

use super::{checked, size, Kind, Locked, Result, Secret, Transform};

extern "C" {
    fn luacrypto_rng_new(name: *const c_char, made: *mut *mut c_void) -> c_int;
    fn luacrypto_rng_seed_size(rng: *const c_void) -> c_uint;
    fn luacrypto_rng_name(rng: *const c_void) -> *const c_char;
    fn luacrypto_rng_driver(rng: *const c_void) -> *const c_char;
    fn luacrypto_rng_reset(rng: *mut c_void, seed: *const u8, size: c_uint) -> c_int;
    fn luacrypto_rng_generate(
        rng: *mut c_void,
        seed: *const u8,
        seed_size: c_uint,
        bytes: *mut u8,
        size: c_uint,
    ) -> c_int;
}

/// Generators of random bytes.
pub(crate) enum Rng {}

impl Kind for Rng {
    /// The slowest of them wait for noise.
    const COST: usize = 128;

    fn make(name: *const c_char, made: *mut *mut c_void) -> c_int {
        // SAFETY: `Transform::new` passes a name that ends in zero, and a place that outlives the call.
        unsafe { luacrypto_rng_new(name, made) }
    }

    fn name(transform: *const c_void) -> *const c_char {
        // SAFETY: `Transform::name` passes a transform.
        unsafe { luacrypto_rng_name(transform) }
    }
}

impl Transform<Rng> {
    /// The implementation's name.
    pub(crate) fn driver(&self) -> &CStr {
        // SAFETY: By the invariants; the name ends in zero, and is there as long as the transform is.
        unsafe { CStr::from_ptr(luacrypto_rng_driver(self.0.as_ptr())) }
    }

    pub(crate) fn seed_size(&self) -> usize {
        // SAFETY: By the invariants.
        unsafe { luacrypto_rng_seed_size(self.0.as_ptr()) as usize }
    }
}

impl Locked<'_, Rng> {
    /// Begins anew, with a seed of the kernel's if there is none.
    pub(crate) fn reset(&self, seed: Option<&[u8]>) -> Result {
        let copy = Secret::copy(&[seed.unwrap_or(&[])], 0)?;
        let place = seed.map_or(ptr::null(), |_| copy.0.as_ptr());
        // SAFETY: By the invariants; the copy is as long as the seed.
        checked(unsafe { luacrypto_rng_reset(self.as_ptr(), place, size(seed.unwrap_or(&[]))?) })
    }

    /// So many random bytes; the seed is mixed in.
    pub(crate) fn generate(&self, length: usize, seed: &[u8]) -> Result<Secret> {
        let copy = Secret::copy(&[seed], 0)?;
        let mut bytes = Secret::new(length)?;
        let count = size(bytes.get(0, length))?;
        let place = bytes.0.as_mut_ptr();
        // SAFETY: By the invariants; the copy is as long as the seed, and so many bytes are there.
        checked(unsafe { luacrypto_rng_generate(self.as_ptr(), copy.0.as_ptr(), size(seed)?, place, count) })?;
        Ok(bytes)
    }
}
