// SPDX-License-Identifier: MIT OR GPL-2.0-only
//! What several have.

use std::ops::Deref;

use crate::alloc::{flags::Flags, AllocError};

/// A value with several owners.
pub struct Arc<T: ?Sized>(std::sync::Arc<T>);

impl<T> Arc<T> {
    /// Its first owner.
    ///
    /// # Errors
    ///
    /// None here.
    pub fn new(value: T, _: Flags) -> Result<Arc<T>, AllocError> {
        Ok(Arc(std::sync::Arc::new(value)))
    }
}

impl<T: ?Sized> Arc<T> {
    /// Whether both own the same value.
    #[must_use]
    pub fn ptr_eq(this: &Arc<T>, other: &Arc<T>) -> bool {
        std::sync::Arc::ptr_eq(&this.0, &other.0)
    }
}

impl<T: ?Sized> Clone for Arc<T> {
    fn clone(&self) -> Arc<T> {
        Arc(self.0.clone())
    }
}

impl<T: ?Sized> Deref for Arc<T> {
    type Target = T;
    fn deref(&self) -> &T {
        &self.0
    }
}
