// SPDX-License-Identifier: MIT OR GPL-2.0-only
//! Files that scripts name.

use core::ffi::{c_char, c_int, c_void, CStr};
use core::ptr::NonNull;
use kernel::error::{code::*, to_result, Error, Result};
use kernel::str::CString;
use lua::State;

use crate::loader::{core_str, Plain, ROOT};
use crate::{Memory, Runtime};

/// Where files are that outlive the image: lists that are updated, say.
const DATA: &str = "/data";

extern "C" {
    fn lunatik_file_open(path: *const c_char, opened: *mut *mut c_void) -> c_int;
    fn lunatik_file_close(file: *mut c_void);
    fn lunatik_file_identity(file: *mut c_void, identity: *mut Identity);
    fn lunatik_file_read(file: *mut c_void, at: i64, to: *mut c_void, size: usize) -> isize;
}

/// A regular file, open for reading.
///
/// # Invariants
///
/// The pointer is a `struct file` that `lunatik_file_open` gave.
pub struct File(NonNull<c_void>);

/// What tells a file, and what is in it, from others: who changes it changes this.
#[repr(C)]
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Identity {
    device: u64,
    inode: u64,
    /// Bytes.
    pub length: u64,
    modified: i64,
    changed: i64,
}

impl File {
    /// Opens a file; sleeps.
    pub(crate) fn open(path: &CStr) -> Result<File> {
        let mut file = core::ptr::null_mut();
        // SAFETY: The path ends in zero; `file` outlives the call.
        to_result(unsafe { lunatik_file_open(path.as_ptr(), &mut file) })?;
        NonNull::new(file).map(File).ok_or(EINVAL)
    }

    /// Opens a file of data that a script names: below /lib/modules/lua, where relative paths
    /// begin, or below /data. Sleeps. `caller` is for messages: `set.load`.
    ///
    /// # Errors
    ///
    /// The script may not sleep; the path is none of these; there is no such file.
    pub fn open_data(state: State<'_>, caller: &str, name: &[u8]) -> lua::Result<File> {
        Runtime::may_sleep(state)?;
        let Some(path) = data_path(name).map_err(|_| lua::Kind::NoMemory)? else {
            return Err(state.raise(format_args!(
                "{caller}: '{}' is no path below {ROOT} or {DATA}, of letters, digits, / _ - and .",
                Plain(name.get(..100).unwrap_or(name)),
            )));
        };
        File::open(core_str(&path))
            .map_err(|errno| state.raise(format_args!("{caller}: {}: {}", Plain(name), why(errno))))
    }

    /// Which file it is.
    #[must_use]
    pub fn identity(&self) -> Identity {
        let mut identity = Identity::default();
        // SAFETY: By the invariants; the structure is as shim.h declares it and outlives the call.
        unsafe { lunatik_file_identity(self.0.as_ptr(), &mut identity) };
        identity
    }

    /// Reads from a place on: all that fits, or what is there. Sleeps. Tells how many bytes.
    ///
    /// # Errors
    ///
    /// What the file system says.
    pub fn read(&self, at: u64, to: &mut [u8]) -> Result<usize> {
        let at = i64::try_from(at).map_err(|_| EINVAL)?;
        // SAFETY: By the invariants; the pointer and the length are those of a slice.
        let got = unsafe { lunatik_file_read(self.0.as_ptr(), at, to.as_mut_ptr().cast(), to.len()) };
        usize::try_from(got).map_err(|_| to_result(got as c_int).err().unwrap_or(EIO))
    }
}

impl Drop for File {
    fn drop(&mut self) {
        // SAFETY: By the invariants, and nobody uses it from here on.
        unsafe { lunatik_file_close(self.0.as_ptr()) }
    }
}

/// What is in a file.
pub(crate) struct Contents {
    memory: Memory,
    length: usize,
}

impl Contents {
    /// Reads a file of at most `limit` bytes; sleeps.
    pub(crate) fn read(path: &CStr, limit: usize) -> Result<Contents> {
        let file = File::open(path)?;
        let size = usize::try_from(file.identity().length).unwrap_or(usize::MAX);
        if size == 0 {
            return Err(EINVAL);
        }
        if size > limit {
            return Err(EFBIG);
        }
        let mut memory = Memory::new(size, true).ok_or(ENOMEM)?;
        // A file that shrinks meanwhile is as long as what was read.
        let length = file.read(0, memory.bytes_mut())?;
        Ok(Contents { memory, length })
    }

    pub(crate) fn bytes(&self) -> &[u8] {
        self.memory.bytes().get(..self.length).unwrap_or(&[])
    }
}

/// Why a file cannot be read, in words.
pub(crate) fn why(errno: Error) -> &'static str {
    match errno {
        _ if errno == ENOENT => "there is no such file",
        _ if errno == EINVAL => "not a regular file, or empty",
        _ if errno == ENOMEM => "not enough memory",
        _ => "cannot be read",
    }
}

/// Letters, digits, / _ - and ., without a way up.
pub(crate) fn is_plain(name: &[u8]) -> bool {
    let plain = |byte: &u8| byte.is_ascii_alphanumeric() || matches!(byte, b'/' | b'_' | b'-' | b'.');
    name.iter().all(plain) && !name.windows(2).any(|pair| pair == b"..") && name.len() <= 200
}

fn data_path(name: &[u8]) -> Result<Option<CString>> {
    let below = |root: &str| name.strip_prefix(root.as_bytes()).is_some_and(|rest| rest.starts_with(b"/"));
    let (root, inside) = match name.first() {
        Some(b'/') => ("", below(ROOT) || below(DATA)),
        first => (ROOT, first.is_some()),
    };
    if !inside || !is_plain(name) {
        return Ok(None);
    }
    let separator = if root.is_empty() { "" } else { "/" };
    CString::try_from_fmt(kernel::fmt!("{root}{separator}{}", Plain(name))).map(Some)
}
