// SPDX-License-Identifier: MIT OR GPL-2.0-only
//! shim/skcipher.c's ciphers, safe.

use core::ffi::{c_char, c_int, c_uint, c_void};

use super::{checked, size, Kind, Locked, Result, Secret, Transform, EINVAL};

extern "C" {
    fn luacrypto_skcipher_new(name: *const c_char, made: *mut *mut c_void) -> c_int;
    fn luacrypto_skcipher_iv_size(cipher: *const c_void) -> c_uint;
    fn luacrypto_skcipher_block_size(cipher: *const c_void) -> c_uint;
    fn luacrypto_skcipher_set_key(cipher: *mut c_void, key: *const u8, size: c_uint) -> c_int;
    fn luacrypto_skcipher_crypt(cipher: *mut c_void, encrypt: bool, bytes: *mut u8, size: c_uint, iv: *mut u8)
        -> c_int;
}

/// Symmetric ciphers.
pub(crate) enum Skcipher {}

impl Kind for Skcipher {
    const COST: usize = 1;

    fn make(name: *const c_char, made: *mut *mut c_void) -> c_int {
        // SAFETY: `Transform::new` passes a name that ends in zero, and a place that outlives the call.
        unsafe { luacrypto_skcipher_new(name, made) }
    }
}

impl Transform<Skcipher> {
    pub(crate) fn iv_size(&self) -> usize {
        // SAFETY: By the invariants.
        unsafe { luacrypto_skcipher_iv_size(self.0.as_ptr()) as usize }
    }

    pub(crate) fn block_size(&self) -> usize {
        // SAFETY: By the invariants.
        unsafe { luacrypto_skcipher_block_size(self.0.as_ptr()) as usize }
    }
}

impl Locked<'_, Skcipher> {
    pub(crate) fn set_key(&self, key: &[u8]) -> Result {
        // The kernel may want it aligned.
        let copy = Secret::copy(&[key], 0)?;
        // SAFETY: By the invariants; the copy is as long as the key.
        checked(unsafe { luacrypto_skcipher_set_key(self.as_ptr(), copy.0.as_ptr(), size(key)?) })
    }

    /// Encrypts or decrypts all of `bytes` but what [`Secret::new`] adds to none.
    pub(crate) fn crypt(&self, encrypt: bool, iv: &[u8], bytes: &mut Secret, length: usize) -> Result {
        if iv.len() != self.0.iv_size() {
            return Err(EINVAL);
        }
        let mut iv = Secret::copy(&[iv], 0)?;
        let count = size(bytes.get(0, length))?;
        let (place, iv) = (bytes.0.as_mut_ptr(), iv.0.as_mut_ptr());
        // SAFETY: By the invariants; the vector is as long as it has to be, so many bytes are there, and both
        // are kmalloc's.
        checked(unsafe { luacrypto_skcipher_crypt(self.as_ptr(), encrypt, place, count, iv) })
    }
}
