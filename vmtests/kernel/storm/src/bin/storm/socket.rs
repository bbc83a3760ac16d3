// SPDX-License-Identifier: MIT OR GPL-2.0-only
//! packet(7), for sending.

use std::ffi::CString;
use std::io::{Error, Result};
use std::os::fd::{AsRawFd, FromRawFd, OwnedFd};

/// A socket whose frames go out of one device as they are.
pub struct Socket {
    file: OwnedFd,
    to: libc::sockaddr_ll,
}

impl Socket {
    pub fn new(device: &str) -> Result<Socket> {
        let name = CString::new(device)?;
        // SAFETY: The name ends in zero.
        let index = unsafe { libc::if_nametoindex(name.as_ptr()) };
        if index == 0 {
            return Err(Error::last_os_error());
        }
        // SAFETY: No pointers. Protocol 0: it receives nothing.
        let file = unsafe { libc::socket(libc::AF_PACKET, libc::SOCK_RAW | libc::SOCK_CLOEXEC, 0) };
        if file < 0 {
            return Err(Error::last_os_error());
        }
        // SAFETY: All zeros is an address; the descriptor is new, and nobody else's.
        let (mut to, file) = unsafe { (std::mem::zeroed::<libc::sockaddr_ll>(), OwnedFd::from_raw_fd(file)) };
        to.sll_family = libc::AF_PACKET as u16;
        to.sll_ifindex = index as i32;
        Ok(Socket { file, to })
    }

    /// Sends a frame; the kernel may refuse one that is no frame at all.
    pub fn send(&self, frame: &[u8]) -> Result<()> {
        let length = size_of::<libc::sockaddr_ll>() as libc::socklen_t;
        // SAFETY: Both pointers are of values that outlive the call, with their lengths.
        let sent = unsafe {
            libc::sendto(
                self.file.as_raw_fd(),
                frame.as_ptr().cast(),
                frame.len(),
                0,
                (&raw const self.to).cast(),
                length,
            )
        };
        match sent {
            -1 => match Error::last_os_error() {
                error if matches!(error.raw_os_error(), Some(libc::EINVAL | libc::EMSGSIZE | libc::ENOBUFS)) => Ok(()),
                error => Err(error),
            },
            _ => Ok(()),
        }
    }
}
