// SPDX-License-Identifier: MIT OR GPL-2.0-only
//! Little-endian numbers in bytes that were checked before.
//!
//! A lookup knows where in a file to read, for the file was checked as a whole. Should that be
//! wrong all the same, these read other numbers of the file, and never anything outside of it.

use core::marker::PhantomData;

/// Eight bytes or more.
///
/// # Invariants
///
/// From `base` on, eight bytes more than `last` can be read for `'a`.
#[derive(Clone, Copy)]
pub(crate) struct Bytes<'a> {
    base: *const u8,
    last: usize,
    _bytes: PhantomData<&'a [u8]>,
}

impl<'a> Bytes<'a> {
    /// `None` if there are fewer than eight.
    #[inline(always)]
    pub(crate) fn new(bytes: &'a [u8]) -> Option<Bytes<'a>> {
        let last = bytes.len().checked_sub(8)?;
        Some(Bytes { base: bytes.as_ptr(), last, _bytes: PhantomData })
    }

    /// The eight bytes at a place, or the last eight if it is beyond them.
    #[inline(always)]
    pub(crate) fn u64(self, at: usize) -> u64 {
        // SAFETY: By the invariants, for the place is at most `last`.
        u64::from_le(unsafe { self.base.add(at.min(self.last)).cast::<u64>().read_unaligned() })
    }

    /// The first four of these.
    #[inline(always)]
    pub(crate) fn u32(self, at: usize) -> u32 {
        self.u64(at) as u32
    }

    /// The first of these.
    #[inline(always)]
    pub(crate) fn u8(self, at: usize) -> u8 {
        self.u64(at) as u8
    }
}
