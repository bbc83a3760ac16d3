// SPDX-License-Identifier: MIT OR GPL-2.0-only
//! Fills eBPF hash maps, many entries at a time.

use anyhow::{ensure, Context, Result};
use std::ffi::CString;
use std::io;
use std::os::fd::{AsRawFd, FromRawFd, OwnedFd};

/// Commands of bpf(2).
const OBJ_GET: libc::c_long = 7;
const MAP_UPDATE_BATCH: libc::c_long = 26;
/// Entries of one system call.
const BATCH: usize = 4096;

/// The argument of `BPF_OBJ_GET`.
#[repr(C)]
struct Get {
    pathname: u64,
    fd: u32,
    flags: u32,
}

/// The argument of the commands for many entries.
#[repr(C)]
struct Batch {
    in_batch: u64,
    out_batch: u64,
    keys: u64,
    values: u64,
    count: u32,
    fd: u32,
    elem_flags: u64,
    flags: u64,
}

/// Adds these keys, all of one length, with the value 1 (one byte), to the map pinned at `pin`.
///
/// # Errors
///
/// There is no such map, or its keys or values are of another size, or it is full.
pub fn fill(pin: &str, keys: impl IntoIterator<Item = Vec<u8>>) -> Result<()> {
    let map = open(pin).with_context(|| format!("failed to open the map {pin}"))?;
    let mut keys = keys.into_iter().peekable();
    let size = keys.peek().map_or(0, Vec::len);
    while keys.peek().is_some() {
        let (mut bytes, mut count) = (Vec::with_capacity(BATCH * size), 0);
        for key in keys.by_ref().take(BATCH) {
            ensure!(key.len() == size, "keys of {size} and of {} bytes", key.len());
            bytes.extend(key);
            count += 1;
        }
        update(&map, &bytes, count).with_context(|| format!("failed to fill the map {pin}"))?;
    }
    Ok(())
}

fn open(pin: &str) -> Result<OwnedFd> {
    let name = CString::new(pin)?;
    let get = Get { pathname: name.as_ptr() as u64, fd: 0, flags: 0 };
    // SAFETY: The argument is the command's, and points to a string that ends in a zero.
    let map = unsafe { libc::syscall(libc::SYS_bpf, OBJ_GET, &raw const get, size_of::<Get>()) };
    if map < 0 {
        return Err(io::Error::last_os_error().into());
    }
    // SAFETY: It is open and nobody else's.
    Ok(unsafe { OwnedFd::from_raw_fd(map as i32) })
}

fn update(map: &OwnedFd, keys: &[u8], count: usize) -> Result<()> {
    let values = vec![1u8; count];
    let mut batch = Batch {
        in_batch: 0,
        out_batch: 0,
        keys: keys.as_ptr() as u64,
        values: values.as_ptr() as u64,
        count: count as u32,
        fd: map.as_raw_fd() as u32,
        elem_flags: 0,
        flags: 0,
    };
    // SAFETY: The argument is the command's. Keys and values are of the map's sizes, which the
    // kernel cannot check: the caller's map is made for the row's keys and bytes as values.
    let done = unsafe { libc::syscall(libc::SYS_bpf, MAP_UPDATE_BATCH, &raw mut batch, size_of::<Batch>()) };
    if done < 0 {
        return Err(io::Error::last_os_error().into());
    }
    ensure!(batch.count as usize == count, "{} of {count} entries were added", batch.count);
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_map_that_is_not_there_is_named() {
        let error = format!("{:#}", fill("/nonexistent/map", [vec![1]]).expect_err("no map"));
        assert!(error.contains("/nonexistent/map"), "{error}");
    }
}
