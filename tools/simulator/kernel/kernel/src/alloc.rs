// SPDX-License-Identifier: MIT OR GPL-2.0-only
//! Memory whose allocation may fail: here it does not.

use std::ops::{Deref, DerefMut};

use flags::Flags;

/// What modules say of an allocation.
pub mod flags {
    /// How it may be done.
    #[derive(Clone, Copy)]
    pub struct Flags(());

    /// It may sleep.
    pub const GFP_KERNEL: Flags = Flags(());
    /// It may not.
    pub const GFP_ATOMIC: Flags = Flags(());
}

/// There is not enough.
#[derive(Debug)]
pub struct AllocError;

/// One value.
pub struct KBox<T: ?Sized>(Box<T>);

impl<T> KBox<T> {
    /// Moves it there.
    ///
    /// # Errors
    ///
    /// None here.
    pub fn new(value: T, _: Flags) -> Result<KBox<T>, AllocError> {
        Ok(KBox(Box::new(value)))
    }
}

impl<T: ?Sized> KBox<T> {
    /// Gives up the box, not the value.
    #[must_use]
    pub fn into_raw(boxed: KBox<T>) -> *mut T {
        Box::into_raw(boxed.0)
    }

    /// Undoes [`KBox::into_raw`].
    ///
    /// # Safety
    ///
    /// It comes from there, and nobody else makes a box of it.
    pub unsafe fn from_raw(raw: *mut T) -> KBox<T> {
        // SAFETY: By the caller's promise.
        KBox(unsafe { Box::from_raw(raw) })
    }
}

impl<T: ?Sized> Deref for KBox<T> {
    type Target = T;
    fn deref(&self) -> &T {
        &self.0
    }
}

/// Values in a row.
pub struct KVec<T>(Vec<T>);

/// The same, of any size.
pub type KVVec<T> = KVec<T>;

impl<T> KVec<T> {
    /// None.
    #[must_use]
    pub const fn new() -> KVec<T> {
        KVec(Vec::new())
    }

    /// One more.
    ///
    /// # Errors
    ///
    /// None here.
    pub fn push(&mut self, value: T, _: Flags) -> Result<(), AllocError> {
        self.0.push(value);
        Ok(())
    }

    /// These, too.
    ///
    /// # Errors
    ///
    /// None here.
    pub fn extend_from_slice(&mut self, values: &[T], _: Flags) -> Result<(), AllocError>
    where
        T: Clone,
    {
        self.0.extend_from_slice(values);
        Ok(())
    }

    /// So many more, which are equal.
    ///
    /// # Errors
    ///
    /// None here.
    pub fn extend_with(&mut self, count: usize, value: T, _: Flags) -> Result<(), AllocError>
    where
        T: Clone,
    {
        self.0.resize(self.0.len() + count, value);
        Ok(())
    }
}

impl<T> Default for KVec<T> {
    fn default() -> KVec<T> {
        KVec::new()
    }
}

impl<T> Deref for KVec<T> {
    type Target = [T];
    fn deref(&self) -> &[T] {
        &self.0
    }
}

impl<T> DerefMut for KVec<T> {
    fn deref_mut(&mut self) -> &mut [T] {
        &mut self.0
    }
}
