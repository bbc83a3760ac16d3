// SPDX-License-Identifier: MIT OR GPL-2.0-only
//! shim/aead.c's ciphers, safe.

use core::ffi::{c_char, c_int, c_uint, c_void};

use super::{checked, size, Kind, Locked, Result, Secret, Transform, EINVAL};

extern "C" {
    fn luacrypto_aead_new(name: *const c_char, made: *mut *mut c_void) -> c_int;
    fn luacrypto_aead_iv_size(aead: *const c_void) -> c_uint;
    fn luacrypto_aead_auth_size(aead: *const c_void) -> c_uint;
    fn luacrypto_aead_set_auth_size(aead: *mut c_void, size: c_uint) -> c_int;
    fn luacrypto_aead_set_key(aead: *mut c_void, key: *const u8, size: c_uint) -> c_int;
    fn luacrypto_aead_crypt(
        aead: *mut c_void,
        encrypt: bool,
        bytes: *mut u8,
        associated: c_uint,
        size: c_uint,
        room: c_uint,
        iv: *mut u8,
    ) -> c_int;
}

/// Ciphers that tell whether what they decrypt is whole.
pub(crate) enum Aead {}

impl Kind for Aead {
    const COST: usize = 2;

    fn make(name: *const c_char, made: *mut *mut c_void) -> c_int {
        // SAFETY: `Transform::new` passes a name that ends in zero, and a place that outlives the call.
        unsafe { luacrypto_aead_new(name, made) }
    }
}

impl Transform<Aead> {
    pub(crate) fn iv_size(&self) -> usize {
        // SAFETY: By the invariants.
        unsafe { luacrypto_aead_iv_size(self.0.as_ptr()) as usize }
    }
}

impl Locked<'_, Aead> {
    pub(crate) fn auth_size(&self) -> usize {
        // SAFETY: By the invariants.
        unsafe { luacrypto_aead_auth_size(self.as_ptr()) as usize }
    }

    pub(crate) fn set_auth_size(&self, size: c_uint) -> Result {
        // SAFETY: By the invariants.
        checked(unsafe { luacrypto_aead_set_auth_size(self.as_ptr(), size) })
    }

    pub(crate) fn set_key(&self, key: &[u8]) -> Result {
        // The kernel may want it aligned.
        let copy = Secret::copy(&[key], 0)?;
        // SAFETY: By the invariants; the copy is as long as the key.
        checked(unsafe { luacrypto_aead_set_key(self.as_ptr(), copy.0.as_ptr(), size(key)?) })
    }

    /// What becomes of the bytes, behind those that are associated, and how many they are: more by the tag, or
    /// less.
    pub(crate) fn crypt(&self, encrypt: bool, iv: &[u8], bytes: &[u8], associated: &[u8]) -> Result<(Secret, usize)> {
        if iv.len() != self.0.iv_size() {
            return Err(EINVAL);
        }
        let tag = self.auth_size();
        let (more, length) = match encrypt {
            true => (tag, bytes.len().saturating_add(tag)),
            false => (0, bytes.len().checked_sub(tag).ok_or(EINVAL)?),
        };
        let mut iv = Secret::copy(&[iv], 0)?;
        let mut result = Secret::copy(&[associated, bytes], more)?;
        let room = size(&result.0)?;
        let (place, iv) = (result.0.as_mut_ptr(), iv.0.as_mut_ptr());
        // SAFETY: By the invariants; the vector is as long as it has to be, both are kmalloc's, and there is
        // room for the tag behind what is encrypted.
        checked(unsafe {
            luacrypto_aead_crypt(self.as_ptr(), encrypt, place, size(associated)?, size(bytes)?, room, iv)
        })?;
        Ok((result, length))
    }
}
