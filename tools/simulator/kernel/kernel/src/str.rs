// SPDX-License-Identifier: MIT OR GPL-2.0-only
//! Text.

use std::fmt;

/// Bytes that are shown as text.
#[repr(transparent)]
pub struct BStr([u8]);

impl BStr {
    /// Of bytes.
    #[must_use]
    pub const fn from_bytes(bytes: &[u8]) -> &BStr {
        // SAFETY: It is transparent.
        unsafe { &*(std::ptr::from_ref(bytes) as *const BStr) }
    }
}

impl fmt::Display for BStr {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.escape_ascii().fmt(f)
    }
}
