// SPDX-License-Identifier: MIT OR GPL-2.0-only
//! The system calls that std does not have.

use std::ffi::c_int;
use std::io::{Error, Result};
use std::os::fd::{AsRawFd, FromRawFd, OwnedFd};

pub const SOL_LUA: c_int = 999;
pub const LOADSCRIPT: c_int = 1;
pub const ENTRYPOINT: c_int = 2;
pub const FUEL: c_int = 3;
pub const MEMORY: c_int = 4;
pub const FAIL: c_int = 5;
pub const CAPABILITIES: c_int = 6;
pub const PROBLEM: c_int = 7;

/// What a call returned, unless it is negative.
pub fn checked(status: isize) -> Result<usize> {
    usize::try_from(status).map_err(|_| Error::last_os_error())
}

pub fn set(socket: &impl AsRawFd, level: c_int, option: c_int, value: &[u8]) -> Result<()> {
    let size = value.len() as libc::socklen_t;
    // SAFETY: The kernel reads so many bytes at this address.
    let status = unsafe { libc::setsockopt(socket.as_raw_fd(), level, option, value.as_ptr().cast(), size) };
    checked(status as isize).map(drop)
}

pub fn get(socket: &impl AsRawFd, level: c_int, option: c_int, room: usize) -> Result<Vec<u8>> {
    let mut value = vec![0; room];
    let mut size = room as libc::socklen_t;
    // SAFETY: The kernel writes at most `size` bytes at the first address, and how many at the second.
    let status = unsafe { libc::getsockopt(socket.as_raw_fd(), level, option, value.as_mut_ptr().cast(), &mut size) };
    checked(status as isize)?;
    value.truncate(size as usize);
    Ok(value)
}

pub fn receive(socket: &impl AsRawFd, room: usize, flags: c_int) -> Result<Vec<u8>> {
    let mut bytes = vec![0; room];
    // SAFETY: The kernel writes at most so many bytes at this address.
    let count = checked(unsafe { libc::recv(socket.as_raw_fd(), bytes.as_mut_ptr().cast(), room, flags) })?;
    bytes.truncate(count);
    Ok(bytes)
}

pub fn send(socket: &impl AsRawFd, bytes: &[u8], flags: c_int) -> Result<usize> {
    // SAFETY: The kernel reads so many bytes at this address.
    checked(unsafe { libc::send(socket.as_raw_fd(), bytes.as_ptr().cast(), bytes.len(), flags) })
}

/// How many bytes can be read, as the socket says.
pub fn available(socket: &impl AsRawFd) -> Result<c_int> {
    let mut count: c_int = 0;
    // SAFETY: The kernel writes an integer at this address.
    let status = unsafe { libc::ioctl(socket.as_raw_fd(), libc::FIONREAD, &mut count) };
    checked(status as isize).map(|_| count)
}

/// Which of `events` there are within so many milliseconds.
pub fn poll(socket: &impl AsRawFd, events: i16, milliseconds: c_int) -> Result<i16> {
    let mut one = libc::pollfd { fd: socket.as_raw_fd(), events, revents: 0 };
    // SAFETY: There is one.
    checked(unsafe { libc::poll(&mut one, 1, milliseconds) } as isize)?;
    Ok(one.revents)
}

pub fn splice(from: &impl AsRawFd, to: &impl AsRawFd, size: usize) -> Result<usize> {
    let (from, to) = (from.as_raw_fd(), to.as_raw_fd());
    // SAFETY: Null stands for no offset.
    checked(unsafe { libc::splice(from, std::ptr::null_mut(), to, std::ptr::null_mut(), size, 0) })
}

/// Both ends of a pipe, the reading one first.
pub fn pipe() -> Result<(OwnedFd, OwnedFd)> {
    let mut ends = [0; 2];
    // SAFETY: The kernel writes two descriptors, which are nobody else's.
    unsafe {
        checked(libc::pipe(ends.as_mut_ptr()) as isize)?;
        Ok((OwnedFd::from_raw_fd(ends[0]), OwnedFd::from_raw_fd(ends[1])))
    }
}

/// Whether what was received can be mapped.
pub fn can_map(socket: &impl AsRawFd) -> bool {
    // SAFETY: A mapping of its own, which nobody looks into.
    let at =
        unsafe { libc::mmap(std::ptr::null_mut(), 4096, libc::PROT_READ, libc::MAP_SHARED, socket.as_raw_fd(), 0) };
    at != libc::MAP_FAILED
}

/// Takes a connected socket's connection away, for another.
pub fn disconnect(socket: &impl AsRawFd) -> Result<()> {
    let nowhere = libc::sockaddr { sa_family: libc::AF_UNSPEC as u16, sa_data: [0; 14] };
    let size = size_of::<libc::sockaddr>() as libc::socklen_t;
    // SAFETY: The address is as long as it says.
    checked(unsafe { libc::connect(socket.as_raw_fd(), &nowhere, size) } as isize).map(drop)
}

/// A call's error, by its number; 0: there was none.
pub fn errno<T>(result: Result<T>) -> c_int {
    result.err().and_then(|error| error.raw_os_error()).unwrap_or(0)
}
