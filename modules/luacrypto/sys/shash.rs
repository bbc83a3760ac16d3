// SPDX-License-Identifier: MIT OR GPL-2.0-only
//! shim/shash.c's hashes, safe.

use core::ffi::{c_char, c_int, c_uint, c_void};

use super::{checked, size, Errno, Kind, Locked, Result, Secret, Transform, EINVAL};

extern "C" {
    fn luacrypto_shash_new(name: *const c_char, made: *mut *mut c_void) -> c_int;
    fn luacrypto_shash_digest_size(hash: *const c_void) -> c_uint;
    fn luacrypto_shash_block_size(hash: *const c_void) -> c_uint;
    fn luacrypto_shash_state_size(hash: *const c_void) -> c_uint;
    fn luacrypto_shash_set_key(hash: *mut c_void, key: *const u8, size: c_uint) -> c_int;
    fn luacrypto_shash_digest(hash: *mut c_void, bytes: *const u8, size: c_uint, digest: *mut u8) -> c_int;
    fn luacrypto_shash_init(hash: *mut c_void) -> c_int;
    fn luacrypto_shash_update(hash: *mut c_void, bytes: *const u8, size: c_uint) -> c_int;
    fn luacrypto_shash_finup(hash: *mut c_void, bytes: *const u8, size: c_uint, digest: *mut u8) -> c_int;
    fn luacrypto_shash_export(hash: *mut c_void, state: *mut u8) -> c_int;
    fn luacrypto_shash_import(hash: *mut c_void, state: *const u8) -> c_int;
    fn luacrypto_shash_seal(hash: *const c_void, state: *const u8, size: c_uint) -> u64;
}

/// EBADFD: there was no `init` before.
pub(crate) const NOT_BEGUN: Errno = -77;

/// Hashes, with and without keys, and what each was given so far.
pub(crate) enum Shash {}

impl Kind for Shash {
    const COST: usize = 1;

    fn make(name: *const c_char, made: *mut *mut c_void) -> c_int {
        // SAFETY: `Transform::new` passes a name that ends in zero, and a place that outlives the call.
        unsafe { luacrypto_shash_new(name, made) }
    }
}

impl Transform<Shash> {
    pub(crate) fn digest_size(&self) -> usize {
        // SAFETY: By the invariants.
        unsafe { luacrypto_shash_digest_size(self.0.as_ptr()) as usize }
    }

    pub(crate) fn block_size(&self) -> usize {
        // SAFETY: By the invariants.
        unsafe { luacrypto_shash_block_size(self.0.as_ptr()) as usize }
    }

    fn state_size(&self) -> usize {
        // SAFETY: By the invariants.
        unsafe { luacrypto_shash_state_size(self.0.as_ptr()) as usize }
    }

    fn seal(&self, state: &[u8]) -> Result<[u8; 8]> {
        // SAFETY: By the invariants; pointer and length are those of a slice.
        Ok(unsafe { luacrypto_shash_seal(self.0.as_ptr(), state.as_ptr(), size(state)?) }.to_ne_bytes())
    }
}

impl Locked<'_, Shash> {
    pub(crate) fn set_key(&self, key: &[u8]) -> Result {
        // The kernel may want it aligned.
        let copy = Secret::copy(&[key], 0)?;
        // SAFETY: By the invariants; the copy is as long as the key.
        checked(unsafe { luacrypto_shash_set_key(self.as_ptr(), copy.0.as_ptr(), size(key)?) })
    }

    /// Of these bytes alone.
    pub(crate) fn digest(&self, bytes: &[u8]) -> Result<Secret> {
        let mut digest = Secret::new(self.0.digest_size())?;
        let place = digest.0.as_mut_ptr();
        // SAFETY: By the invariants; pointer and length are those of a slice; there is room for a digest.
        checked(unsafe { luacrypto_shash_digest(self.as_ptr(), bytes.as_ptr(), size(bytes)?, place) })?;
        Ok(digest)
    }

    pub(crate) fn init(&self) -> Result {
        // SAFETY: By the invariants.
        checked(unsafe { luacrypto_shash_init(self.as_ptr()) })
    }

    pub(crate) fn update(&self, bytes: &[u8]) -> Result {
        // SAFETY: By the invariants; pointer and length are those of a slice.
        checked(unsafe { luacrypto_shash_update(self.as_ptr(), bytes.as_ptr(), size(bytes)?) })
    }

    /// The digest of all that was given, and of these bytes.
    pub(crate) fn finup(&self, bytes: &[u8]) -> Result<Secret> {
        let mut digest = Secret::new(self.0.digest_size())?;
        let place = digest.0.as_mut_ptr();
        // SAFETY: By the invariants; pointer and length are those of a slice; there is room for a digest.
        checked(unsafe { luacrypto_shash_finup(self.as_ptr(), bytes.as_ptr(), size(bytes)?, place) })?;
        Ok(digest)
    }

    /// What it was given so far, with a seal, and how many bytes that is.
    pub(crate) fn export(&self) -> Result<(Secret, usize)> {
        let length = self.0.state_size();
        let mut state = Secret::new(length)?;
        // SAFETY: By the invariants, and there is room for a state.
        checked(unsafe { luacrypto_shash_export(self.as_ptr(), state.0.as_mut_ptr()) })?;
        let seal = self.0.seal(state.get(0, length))?;
        Ok((Secret::copy(&[state.get(0, length), &seal], 0)?, length + seal.len()))
    }

    /// Goes on from what [`Locked::export`] told of a hash with the same algorithm.
    pub(crate) fn import(&self, sealed: &[u8]) -> Result {
        let (state, seal) = sealed.split_at_checked(self.0.state_size()).ok_or(EINVAL)?;
        if seal != self.0.seal(state)? {
            return Err(EINVAL);
        }
        let copy = Secret::copy(&[state], 0)?;
        // SAFETY: By the invariants; it is a state of the algorithm's, as the seal shows.
        checked(unsafe { luacrypto_shash_import(self.as_ptr(), copy.0.as_ptr()) })
    }
}
