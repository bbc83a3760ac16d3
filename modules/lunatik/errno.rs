// SPDX-License-Identifier: MIT OR GPL-2.0-only
//! The kernel's error numbers, as scripts see them: by name.

use core::ffi::{c_char, c_int, CStr};
use core::fmt;
use lua::{Error, Kind, State};

extern "C" {
    fn lunatik_errno_name(number: c_int) -> *const c_char;
}

/// "ENOENT" for 2; `None` for a number without a name.
#[must_use]
pub fn name(number: c_int) -> Option<&'static CStr> {
    // SAFETY: No preconditions.
    let name = unsafe { lunatik_errno_name(number) };
    // SAFETY: It is null or a string constant of this module.
    (!name.is_null()).then(|| unsafe { CStr::from_ptr(name) })
}

/// An error of the kernel's, for a message: its name, or its number if it has none.
pub struct Shown(pub kernel::error::Error);

impl fmt::Display for Shown {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let number = self.0.to_errno();
        match name(number.saturating_neg()).map(CStr::to_str) {
            Some(Ok(name)) => f.write_str(name),
            _ => write!(f, "error {number}"),
        }
    }
}

/// The error of a script whose call the kernel refused: its message is the name, `ENOENT` for -2, so that
/// scripts can compare with it. Without memory it is the error for that.
pub fn raise(state: State<'_>, code: c_int) -> Error {
    const ENOMEM: c_int = 12;
    match name(code.saturating_neg()).map(CStr::to_str) {
        _ if code == -ENOMEM => Kind::NoMemory.into(),
        Some(Ok(name)) => state.raise(format_args!("{name}")),
        _ => Kind::Failed.into(),
    }
}

/// What a function of the kernel returned that says a negative errno for failure.
///
/// # Errors
///
/// [`raise`]
pub fn checked(state: State<'_>, result: c_int) -> lua::Result<usize> {
    usize::try_from(result).map_err(|_| raise(state, result))
}
