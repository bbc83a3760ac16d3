// SPDX-License-Identifier: MIT OR GPL-2.0-only
//! A socket of generic netlink.

use std::ffi::c_int;
use std::io::Error;
use std::os::fd::{AsRawFd, FromRawFd, OwnedFd};

use anyhow::{Context, Result};

use crate::message::{self, Refusal};

/// Room for the longest message, and for an error that has it once more.
const ROOM: usize = 128 << 10;

/// One, with a port of its own.
pub struct Socket(OwnedFd);

impl Socket {
    /// With this port, or with one that the kernel chooses if it is 0.
    ///
    /// # Errors
    ///
    /// Somebody has the port, or the kernel makes no sockets.
    pub fn open(port: u32) -> Result<Socket> {
        // SAFETY: No preconditions.
        let socket =
            unsafe { libc::socket(libc::AF_NETLINK, libc::SOCK_RAW | libc::SOCK_CLOEXEC, libc::NETLINK_GENERIC) };
        if socket < 0 {
            return Err(Error::last_os_error()).context("failed to open a netlink socket");
        }
        // SAFETY: It is open, and nobody else's.
        let socket = Socket(unsafe { OwnedFd::from_raw_fd(socket) });
        // SAFETY: Zeros are a valid address.
        let mut address: libc::sockaddr_nl = unsafe { std::mem::zeroed() };
        address.nl_family = libc::AF_NETLINK as u16;
        address.nl_pid = port;
        let pointer = std::ptr::from_ref(&address).cast();
        // SAFETY: Pointer and length are the address'.
        let status = unsafe { libc::bind(socket.0.as_raw_fd(), pointer, size_of_val(&address) as u32) };
        if status != 0 {
            return Err(Error::last_os_error()).with_context(|| format!("failed to take port {port}"));
        }
        socket.set(libc::NETLINK_EXT_ACK, 1)?;
        socket.set(libc::NETLINK_CAP_ACK, 1)?;
        Ok(socket)
    }

    fn set(&self, option: c_int, value: c_int) -> Result<()> {
        let pointer = std::ptr::from_ref(&value).cast();
        let length = size_of_val(&value) as u32;
        // SAFETY: Pointer and length are the value's.
        match unsafe { libc::setsockopt(self.0.as_raw_fd(), libc::SOL_NETLINK, option, pointer, length) } {
            0 => Ok(()),
            _ => Err(Error::last_os_error()).context("failed to set up the netlink socket"),
        }
    }

    /// Hears what is sent to a group.
    ///
    /// # Errors
    ///
    /// It is not for everybody.
    pub fn join(&self, group: u32) -> Result<()> {
        self.set(libc::NETLINK_ADD_MEMBERSHIP, group as c_int).context("failed to join the group")
    }

    /// Sends a message to the kernel.
    ///
    /// # Errors
    ///
    /// It does not take it.
    pub fn send(&self, message: &[u8]) -> Result<()> {
        // SAFETY: Pointer and length are the slice's.
        let sent = unsafe { libc::send(self.0.as_raw_fd(), message.as_ptr().cast(), message.len(), 0) };
        if sent < 0 {
            return Err(Error::last_os_error()).context("failed to send to the kernel");
        }
        Ok(())
    }

    /// Waits for a message.
    ///
    /// # Errors
    ///
    /// Some were lost.
    pub fn receive(&self) -> Result<Vec<u8>> {
        let mut bytes = vec![0; ROOM];
        // SAFETY: Pointer and length are the vector's.
        let got = unsafe { libc::recv(self.0.as_raw_fd(), bytes.as_mut_ptr().cast(), bytes.len(), 0) };
        let got = usize::try_from(got).map_err(|_| Error::last_os_error()).context("failed to receive")?;
        bytes.truncate(got);
        Ok(bytes)
    }

    /// Sends a request and waits for what became of it.
    ///
    /// # Errors
    ///
    /// The kernel takes or says nothing.
    pub fn ask(&self, family: u16, command: u8, payload: &[u8]) -> Result<Result<(), Refusal>> {
        self.send(&message::request(family, command, 1, payload, true))?;
        loop {
            if let Some(answer) = message::acknowledgement(&self.receive()?) {
                return Ok(answer);
            }
        }
    }

    /// What the next message carries, if it is the family's.
    ///
    /// # Errors
    ///
    /// Some were lost.
    pub fn next(&self, family: u16) -> Result<Option<Vec<u8>>> {
        Ok(message::payload(&self.receive()?, family).map(<[u8]>::to_vec))
    }
}
