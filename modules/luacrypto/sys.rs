// SPDX-License-Identifier: MIT OR GPL-2.0-only
//! The transforms of shim/transform.h, safe. Whoever works with one may sleep, and is alone with it meanwhile.

mod aead;
mod comp;
mod rng;
mod shash;
mod skcipher;

use core::ffi::{c_char, c_int, c_uint, c_void, CStr};
use core::marker::PhantomData;
use core::ptr::NonNull;
use kernel::prelude::*;

pub(crate) use self::{
    aead::Aead,
    comp::Comp,
    rng::Rng,
    shash::{Shash, NOT_BEGUN},
    skcipher::Skcipher,
};

extern "C" {
    fn luacrypto_lock(transform: *mut c_void) -> c_int;
    fn luacrypto_unlock(transform: *mut c_void);
    fn luacrypto_release(transform: *mut c_void);
    fn luacrypto_settle();
    fn luacrypto_name(transform: *const c_void) -> *const c_char;
    fn luacrypto_wipe(bytes: *mut c_void, size: usize);
}

/// A negative errno.
pub type Errno = c_int;
pub(crate) type Result<T = ()> = core::result::Result<T, Errno>;

pub(crate) const EINVAL: Errno = -22;
const ENOMEM: Errno = -12;

/// What C returned, which is an errno if it is negative.
fn checked(result: c_int) -> Result {
    match result {
        0.. => Ok(()),
        errno => Err(errno),
    }
}

/// The length of a slice, which C counts in an `unsigned int`.
fn size(bytes: &[u8]) -> Result<c_uint> {
    c_uint::try_from(bytes.len()).map_err(|_| EINVAL)
}

/// Sleeps until all transforms that were dropped are gone, and their keys wiped.
pub(crate) fn settle() {
    // SAFETY: No preconditions, but that the caller may sleep.
    unsafe { luacrypto_settle() }
}

/// A kind of transforms.
pub(crate) trait Kind: Sized + 'static {
    /// What its work costs: so many times that of ciphers.
    const COST: usize;

    /// Has C make one.
    fn make(name: *const c_char, made: *mut *mut c_void) -> c_int;

    /// What C says that an algorithm's name is.
    fn name(transform: *const c_void) -> *const c_char {
        // SAFETY: `Transform::name` passes a transform.
        unsafe { luacrypto_name(transform) }
    }
}

/// A transform, which is gone some time after this is dropped, wherever that is.
///
/// # Invariants
///
/// It comes from the constructor of its kind, and is released once.
pub(crate) struct Transform<K>(NonNull<c_void>, PhantomData<fn() -> K>);

// SAFETY: It has a lock, without which only what stays is read.
unsafe impl<K> Send for Transform<K> {}
// SAFETY: As above.
unsafe impl<K> Sync for Transform<K> {}

impl<K: Kind> Transform<K> {
    /// By the name of an algorithm; may sleep.
    pub(crate) fn new(name: &CStr) -> Result<Transform<K>> {
        let mut made = core::ptr::null_mut();
        checked(K::make(name.as_ptr(), &mut made))?;
        NonNull::new(made).map(|made| Transform(made, PhantomData)).ok_or(ENOMEM)
    }

    /// The algorithm's name.
    pub(crate) fn name(&self) -> &CStr {
        // SAFETY: The name ends in zero, and is there as long as the transform is.
        unsafe { CStr::from_ptr(K::name(self.0.as_ptr())) }
    }
}

impl<K> Transform<K> {
    /// Sleeps until nobody else is at work with it; EINTR if the task is killed.
    pub(crate) fn lock(&self) -> Result<Locked<'_, K>> {
        // SAFETY: By the invariants; the guard unlocks.
        checked(unsafe { luacrypto_lock(self.0.as_ptr()) })?;
        Ok(Locked(self, PhantomData))
    }
}

impl<K> Drop for Transform<K> {
    fn drop(&mut self) {
        // SAFETY: By the invariants; nobody uses it from here on.
        unsafe { luacrypto_release(self.0.as_ptr()) }
    }
}

/// A transform that nobody else works with while this lives.
pub(crate) struct Locked<'a, K>(&'a Transform<K>, PhantomData<*mut ()>);

impl<K> Locked<'_, K> {
    fn as_ptr(&self) -> *mut c_void {
        self.0 .0.as_ptr()
    }
}

impl<K> Drop for Locked<'_, K> {
    fn drop(&mut self) {
        // SAFETY: Pairs with `lock`, in the same task.
        unsafe { luacrypto_unlock(self.as_ptr()) }
    }
}

/// Bytes in memory of kmalloc's, which scatterlists can speak of, and which are wiped in the end.
pub struct Secret(KVec<u8>);

impl Secret {
    /// So many zeros, at least one.
    pub(crate) fn new(length: usize) -> Result<Secret> {
        let mut bytes = KVec::new();
        bytes.extend_with(length.max(1), 0, GFP_KERNEL | __GFP_NOWARN).map_err(|_| ENOMEM)?;
        Ok(Secret(bytes))
    }

    /// A copy of `parts`, one behind the other, and so many zeros.
    pub(crate) fn copy(parts: &[&[u8]], zeros: usize) -> Result<Secret> {
        let length = parts.iter().fold(zeros, |sum, part| sum.saturating_add(part.len()));
        let mut copy = Secret::new(length)?;
        let mut room: &mut [u8] = &mut copy.0;
        for part in parts {
            let (place, rest) = core::mem::take(&mut room).split_at_mut_checked(part.len()).ok_or(EINVAL)?;
            place.copy_from_slice(part);
            room = rest;
        }
        Ok(copy)
    }

    /// So many bytes from an offset on; none where there are not so many.
    #[must_use]
    pub fn get(&self, offset: usize, length: usize) -> &[u8] {
        offset.checked_add(length).and_then(|end| self.0.get(offset..end)).unwrap_or(&[])
    }
}

impl Drop for Secret {
    fn drop(&mut self) {
        // SAFETY: Pointer and length are those of a slice.
        unsafe { luacrypto_wipe(self.0.as_mut_ptr().cast(), self.0.len()) }
    }
}
