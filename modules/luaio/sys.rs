// SPDX-License-Identifier: MIT OR GPL-2.0-only
//! shim.c's functions, safe. All sleep.

use core::ffi::{c_char, c_int, c_void, CStr};
use core::mem::ManuallyDrop;
use core::ptr::{self, NonNull};
use kernel::error::{to_result, Error};
use kernel::prelude::*;

extern "C" {
    fn luaio_open(
        path: *const c_char,
        reads: bool,
        writes: bool,
        creates: bool,
        cuts: bool,
        appends: bool,
        opened: *mut *mut c_void,
    ) -> c_int;
    fn luaio_close(file: *mut c_void) -> c_int;
    fn luaio_size(file: *mut c_void) -> i64;
    fn luaio_read(file: *mut c_void, at: i64, to: *mut c_void, size: usize) -> isize;
    fn luaio_write(file: *mut c_void, at: *mut i64, from: *const c_void, size: usize) -> isize;
}

/// How a file is opened.
#[derive(Clone, Copy)]
pub(crate) struct Mode {
    pub(crate) reads: bool,
    pub(crate) writes: bool,
    /// It may not be there yet.
    pub(crate) creates: bool,
    /// It becomes empty.
    pub(crate) cuts: bool,
    /// Writes go to its end.
    pub(crate) appends: bool,
}

/// An open file.
///
/// # Invariants
///
/// The pointer is a `struct file` that `luaio_open` gave.
pub(crate) struct File(NonNull<c_void>);

fn count(result: isize) -> Result<usize> {
    usize::try_from(result).map_err(|_| to_result(result as c_int).err().unwrap_or(EIO))
}

impl File {
    pub(crate) fn open(path: &CStr, mode: Mode) -> Result<File> {
        let Mode { reads, writes, creates, cuts, appends } = mode;
        let mut file = ptr::null_mut();
        // SAFETY: The path ends in zero; `file` outlives the call.
        to_result(unsafe { luaio_open(path.as_ptr(), reads, writes, creates, cuts, appends, &mut file) })?;
        NonNull::new(file).map(File).ok_or(EINVAL)
    }

    pub(crate) fn size(&self) -> i64 {
        // SAFETY: By the invariants.
        unsafe { luaio_size(self.0.as_ptr()) }
    }

    /// Reads some bytes from a place on; none at the end.
    pub(crate) fn read(&self, at: i64, to: &mut [u8]) -> Result<usize> {
        // SAFETY: By the invariants; pointer and length are those of a slice.
        count(unsafe { luaio_read(self.0.as_ptr(), at, to.as_mut_ptr().cast(), to.len()) })
    }

    /// Writes some bytes to a place, which moves behind them.
    pub(crate) fn write(&self, at: &mut i64, from: &[u8]) -> Result<usize> {
        // SAFETY: As above.
        count(unsafe { luaio_write(self.0.as_ptr(), at, from.as_ptr().cast(), from.len()) })
    }

    /// Closes it; what the file system says to that.
    pub(crate) fn close(self) -> Result<(), Error> {
        let this = ManuallyDrop::new(self);
        // SAFETY: By the invariants, and nobody uses it from here on.
        to_result(unsafe { luaio_close(this.0.as_ptr()) })
    }
}

impl Drop for File {
    fn drop(&mut self) {
        // SAFETY: As above.
        unsafe { luaio_close(self.0.as_ptr()) };
    }
}
