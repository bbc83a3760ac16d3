// SPDX-License-Identifier: MIT OR GPL-2.0-only
//! shim.c's functions, safe.

use core::ffi::{c_char, c_int, c_void, CStr};
use core::ptr;
use kernel::error::{code::*, from_err_ptr, to_result, Result};

extern "C" {
    fn luabpf_open(path: *const c_char) -> *mut c_void;
    fn luabpf_close(opened: *mut c_void);
    fn luabpf_drain();
    fn luabpf_info(opened: *const c_void, info: *mut Info);
    fn luabpf_lookup(opened: *mut c_void, key: *const u8, value: *mut u8) -> c_int;
    fn luabpf_update(opened: *mut c_void, key: *const u8, value: *const u8, flags: u64) -> c_int;
    fn luabpf_delete(opened: *mut c_void, key: *const u8) -> c_int;
    fn luabpf_remove(opened: *mut c_void, key: *const u8, value: *mut u8) -> c_int;
    fn luabpf_next(opened: *mut c_void, key: *const u8, next: *mut u8, nanoseconds: *mut u64) -> c_int;
    fn luabpf_push(opened: *mut c_void, value: *const u8, flags: u64) -> c_int;
    fn luabpf_pop(opened: *mut c_void, value: *mut u8, take: bool) -> c_int;
}

/// EOPNOTSUPP, which the kernel crate does not name.
const EOPNOTSUPP: c_int = 95;

/// What shim.h calls `struct luabpf_info`.
#[repr(C)]
#[derive(Clone, Copy, Default)]
pub(crate) struct Info {
    pub(crate) kind: u32,
    pub(crate) key_size: u32,
    pub(crate) value_size: u32,
    pub(crate) max_entries: u32,
    pub(crate) writable: bool,
    /// Its values have fields of the kernel's own, or its operations are a device's.
    pub(crate) special: bool,
}

/// How an operation went that the kernel may refuse for a reason that is no error.
pub(crate) enum Outcome {
    Done,
    /// There is no such key; nothing waits; the flags asked for the opposite of what is.
    Not,
}

/// A map that was pinned.
///
/// # Invariants
///
/// `opened` comes from luabpf_open, and `info` from it.
pub(crate) struct Map {
    opened: *mut c_void,
    info: Info,
}

// SAFETY: The kernel's maps are used by many at once.
unsafe impl Send for Map {}
// SAFETY: As above.
unsafe impl Sync for Map {}

impl Map {
    /// Opens what is pinned at `path`; may sleep.
    pub(crate) fn open(path: &CStr) -> Result<Map> {
        // SAFETY: The path ends in zero.
        let opened = from_err_ptr(unsafe { luabpf_open(path.as_ptr()) })?;
        let mut info = Info::default();
        // SAFETY: It was just opened; `info` outlives the call.
        unsafe { luabpf_info(opened, &mut info) };
        Ok(Map { opened, info })
    }

    pub(crate) fn info(&self) -> &Info {
        &self.info
    }

    /// Bytes of the map's size, or an error of the caller's making.
    fn sized(bytes: &[u8], size: u32) -> Result<*const u8> {
        if bytes.len() == size as usize {
            Ok(bytes.as_ptr())
        } else {
            Err(EINVAL)
        }
    }

    fn place(bytes: &mut [u8], size: u32) -> Result<*mut u8> {
        if bytes.len() == size as usize {
            Ok(bytes.as_mut_ptr())
        } else {
            Err(EINVAL)
        }
    }

    pub(crate) fn lookup(&self, key: &[u8], value: &mut [u8]) -> Result<Outcome> {
        let (key, value) = (Self::sized(key, self.info.key_size)?, Self::place(value, self.info.value_size)?);
        // SAFETY: By the invariants; both have the map's sizes.
        outcome(unsafe { luabpf_lookup(self.opened, key, value) })
    }

    pub(crate) fn update(&self, key: &[u8], value: &[u8], flags: u64) -> Result<Outcome> {
        let (key, value) = (Self::sized(key, self.info.key_size)?, Self::sized(value, self.info.value_size)?);
        // SAFETY: As above; the map copies both.
        outcome(unsafe { luabpf_update(self.opened, key, value, flags) })
    }

    pub(crate) fn delete(&self, key: &[u8]) -> Result<Outcome> {
        let key = Self::sized(key, self.info.key_size)?;
        // SAFETY: As above.
        outcome(unsafe { luabpf_delete(self.opened, key) })
    }

    pub(crate) fn remove(&self, key: &[u8], value: &mut [u8]) -> Result<Outcome> {
        let (key, value) = (Self::sized(key, self.info.key_size)?, Self::place(value, self.info.value_size)?);
        // SAFETY: As above.
        outcome(unsafe { luabpf_remove(self.opened, key, value) })
    }

    /// The key after this one, or the first; and how long that took, in nanoseconds.
    pub(crate) fn next(&self, key: Option<&[u8]>, next: &mut [u8]) -> (Result<Outcome>, u64) {
        let key = match key.map(|key| Self::sized(key, self.info.key_size)) {
            Some(Err(errno)) => return (Err(errno), 0),
            Some(Ok(key)) => key,
            None => ptr::null(),
        };
        let next = match Self::place(next, self.info.key_size) {
            Err(errno) => return (Err(errno), 0),
            Ok(next) => next,
        };
        let mut nanoseconds = 0;
        // SAFETY: As above; without a key, it is null; `nanoseconds` outlives the call.
        let status = unsafe { luabpf_next(self.opened, key, next, &mut nanoseconds) };
        (outcome(status), nanoseconds)
    }

    pub(crate) fn push(&self, value: &[u8], flags: u64) -> Result<Outcome> {
        let value = Self::sized(value, self.info.value_size)?;
        // SAFETY: As above.
        outcome(unsafe { luabpf_push(self.opened, value, flags) })
    }

    /// The value whose turn it is, taken off or left.
    pub(crate) fn pop(&self, value: &mut [u8], take: bool) -> Result<Outcome> {
        let value = Self::place(value, self.info.value_size)?;
        // SAFETY: As above.
        outcome(unsafe { luabpf_pop(self.opened, value, take) })
    }
}

impl Drop for Map {
    fn drop(&mut self) {
        // SAFETY: By the invariants, and nobody uses it afterwards.
        unsafe { luabpf_close(self.opened) }
    }
}

fn outcome(status: c_int) -> Result<Outcome> {
    match to_result(status) {
        Ok(()) => Ok(Outcome::Done),
        Err(errno) if errno == ENOENT || errno == EEXIST => Ok(Outcome::Not),
        Err(errno) => Err(errno),
    }
}

/// Whether the kernel said that this type of map has no such operation.
pub(crate) fn unsupported(errno: kernel::error::Error) -> bool {
    errno.to_errno() == -EOPNOTSUPP || errno == EINVAL
}

/// Waits until maps that were dropped are gone.
pub(crate) fn drain() {
    // SAFETY: The caller may sleep: it unloads the module.
    unsafe { luabpf_drain() }
}
