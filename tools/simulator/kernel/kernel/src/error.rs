// SPDX-License-Identifier: MIT OR GPL-2.0-only
//! Errors: numbers.

use std::ffi::c_int;

/// An error's number, below zero.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Error(c_int);

/// What may fail.
pub type Result<T = (), E = Error> = std::result::Result<T, E>;

/// What a C function says: 0, or an error.
///
/// # Errors
///
/// That error.
pub fn to_result(status: c_int) -> Result {
    if status < 0 {
        Err(Error(status))
    } else {
        Ok(())
    }
}

impl Error {
    /// That of a number below zero.
    #[must_use]
    pub const fn from_errno(errno: c_int) -> Error {
        Error(errno)
    }

    /// The number, below zero.
    #[must_use]
    pub const fn to_errno(self) -> c_int {
        self.0
    }
}

impl From<crate::alloc::AllocError> for Error {
    fn from(_: crate::alloc::AllocError) -> Error {
        code::ENOMEM
    }
}

/// The errors that modules know.
pub mod code {
    use super::Error;

    /// There is no such file.
    pub const ENOENT: Error = Error(-2);
    /// It cannot be read.
    pub const EIO: Error = Error(-5);
    /// Out of memory.
    pub const ENOMEM: Error = Error(-12);
    /// It is there already.
    pub const EEXIST: Error = Error(-17);
    /// There is no such device.
    pub const ENODEV: Error = Error(-19);
    /// It makes no sense.
    pub const EINVAL: Error = Error(-22);
    /// There is no room.
    pub const ENOSPC: Error = Error(-28);
}
